"""Slice, 3D and plot views without a screen, behind ``slicer.app.layoutManager()``.

View nodes come from Slicer's own layout logic, pictures from its displayable managers: what ``image()`` shows is drawn
by the code that draws it in Slicer. The plot view is our own drawing of the chart node. Render windows are made at the
first picture.
"""

from __future__ import annotations

import numpy as np
import slicer
import slicer_core
import vtk
from PySide6 import QtCore
from vtk.util.numpy_support import vtk_to_numpy

_SLICE_MANAGERS = (
    "vtkMRMLVolumeGlyphSliceDisplayableManager",
    "vtkMRMLModelSliceDisplayableManager",
    "vtkMRMLSegmentationsDisplayableManager2D",
    "vtkMRMLCrosshairDisplayableManager",
    "vtkMRMLMarkupsDisplayableManager",
    "vtkMRMLOrientationMarkerDisplayableManager",
    "vtkMRMLRulerDisplayableManager",
    "vtkMRMLColorLegendDisplayableManager",
)
_THREED_MANAGERS = (
    "vtkMRMLCameraDisplayableManager",
    "vtkMRMLViewDisplayableManager",
    "vtkMRMLModelDisplayableManager",
    "vtkMRMLThreeDReformatDisplayableManager",
    "vtkMRMLSegmentationsDisplayableManager3D",
    "vtkMRMLCrosshairDisplayableManager3D",
    "vtkMRMLMarkupsDisplayableManager",
    "vtkMRMLOrientationMarkerDisplayableManager",
    "vtkMRMLRulerDisplayableManager",
    "vtkMRMLColorLegendDisplayableManager",
)
_SIZE = (400, 400)  # pixels


def _factory(cls, managers: tuple[str, ...]):
    factory = cls.GetInstance()
    if factory.GetMRMLApplicationLogic() is None:
        factory.SetMRMLApplicationLogic(slicer.app.applicationLogic())
    for name in managers:
        if not factory.IsDisplayableManagerRegistered(name):
            factory.RegisterDisplayableManager(name)
    return factory


class View:
    """A render window with the displayable managers of a view node."""

    def __init__(self, node, factoryClass, managers: tuple[str, ...]):
        self._node = node
        self._window = vtk.vtkRenderWindow()
        self._window.SetOffScreenRendering(1)
        self._window.SetMultiSamples(0)  # pixels which repeat
        self._window.SetSize(*_SIZE)
        self._renderer = vtk.vtkRenderer()
        self._window.AddRenderer(self._renderer)
        self._interactor = vtk.vtkGenericRenderWindowInteractor()
        self._interactor.SetRenderWindow(self._window)
        self._beforeManagers()
        self._group = slicer_core.vtkMRMLDisplayableManagerGroup()
        self._group.Initialize(_factory(factoryClass, managers), self._renderer)
        self._group.SetMRMLDisplayableNode(node)

    def _beforeManagers(self) -> None:
        pass

    def renderWindow(self):
        return self._window

    def renderer(self):
        return self._renderer

    firstRenderer = renderer

    def interactor(self):
        return self._interactor

    def displayableManagerByClassName(self, name: str):
        return self._group.GetDisplayableManagerByClassName(name)

    def scheduleRender(self) -> None:
        pass  # a picture is drawn when it is asked for

    def forceRender(self) -> None:
        self._draw()

    def resize(self, width: int, height: int) -> None:
        self._window.SetSize(width, height)

    def _draw(self) -> None:
        self._window.Render()

    def image(self, width: int = _SIZE[0], height: int = _SIZE[1]) -> np.ndarray:
        """The view as RGB, uint8 of shape (height, width, 3), the first row on top."""
        self.resize(width, height)
        self._draw()
        return grab(self._window)


def grab(window) -> np.ndarray:
    """What a render window shows, uint8 of shape (height, width, 3), the first row on top."""
    reader = vtk.vtkWindowToImageFilter()
    reader.SetInput(window)
    reader.SetInputBufferTypeToRGB()
    reader.ReadFrontBufferOff()
    reader.Update()
    picture = reader.GetOutput()
    width, height, _depth = picture.GetDimensions()
    return vtk_to_numpy(picture.GetPointData().GetScalars()).reshape(height, width, 3)[::-1].copy()


class qMRMLSliceView(View):
    def __init__(self, node, logic):
        self._logic = logic
        super().__init__(node, slicer.vtkMRMLSliceViewDisplayableManagerFactory, _SLICE_MANAGERS)
        self._logic.SetDisplayableManagerGroup(self._group)

    def _beforeManagers(self) -> None:
        # The volumes' picture comes first, or a translucent segment blends over black and hides it.
        self._mapper = vtk.vtkImageMapper()
        self._mapper.SetColorWindow(255)
        self._mapper.SetColorLevel(127.5)
        self._empty = vtk.vtkImageData()
        self._empty.SetDimensions(1, 1, 1)
        self._empty.AllocateScalars(vtk.VTK_UNSIGNED_CHAR, 3)
        self._empty.GetPointData().GetScalars().Fill(0)
        self._actor = vtk.vtkActor2D()
        self._actor.SetMapper(self._mapper)
        self._actor.GetProperty().SetDisplayLocationToBackground()
        self._renderer.AddViewProp(self._actor)

    def mrmlSliceNode(self):
        return self._node

    def _draw(self) -> None:
        width, height = self._window.GetSize()
        if tuple(self._node.GetDimensions()[:2]) != (width, height):
            self._logic.ResizeSliceNode(width, height)
        connection = self._logic.GetImageDataConnection()
        if connection is not None:
            self._mapper.SetInputConnection(connection)
        else:
            self._mapper.SetInputData(self._empty)
        super()._draw()


class SliceController:
    """The bar above a slice view, as far as programs use it."""

    def __init__(self, logic):
        self._logic = logic

    def mrmlSliceNode(self):
        return self._logic.GetSliceNode()

    def setSliceVisible(self, visible: bool) -> None:
        self._logic.GetSliceNode().SetSliceVisible(visible)

    def fitSliceToBackground(self) -> None:
        self._logic.FitSliceToBackground()

    def setSliceOffsetValue(self, offset: float) -> None:
        self._logic.SetSliceOffset(offset)


class qMRMLSliceWidget:
    def __init__(self, node, logic):
        self._node, self._logic = node, logic
        self._view = None

    def mrmlSliceNode(self):
        return self._node

    def mrmlSliceCompositeNode(self):
        return self._logic.GetSliceCompositeNode()

    def sliceLogic(self):
        return self._logic

    def sliceController(self):
        return SliceController(self._logic)

    def sliceView(self) -> qMRMLSliceView:
        if self._view is None:
            self._view = qMRMLSliceView(self._node, self._logic)
        return self._view

    def fitSliceToBackground(self) -> None:
        self._logic.FitSliceToBackground()

    def image(self, width: int = _SIZE[0], height: int = _SIZE[1]) -> np.ndarray:
        return self.sliceView().image(width, height)

    def pixelOf(self, ras) -> tuple[int, int]:
        """Row and column in the latest picture of a point in RAS (mm)."""
        toXY = vtk.vtkMatrix4x4()
        vtk.vtkMatrix4x4.Invert(self._node.GetXYToRAS(), toXY)
        x, y, _z, _w = toXY.MultiplyPoint((*ras, 1.0))
        return round(self._node.GetDimensions()[1] - 1 - y), round(x)


class qMRMLThreeDView(View):
    def __init__(self, node):
        super().__init__(node, slicer.vtkMRMLThreeDViewDisplayableManagerFactory, _THREED_MANAGERS)

    def mrmlViewNode(self):
        return self._node

    def cameraNode(self):
        return slicer.modules.cameras.logic().GetViewActiveCameraNode(self._node)

    def resetFocalPoint(self) -> None:
        """Centre on what is shown, keeping the direction of view."""
        self._renderer.ResetCamera()

    resetCamera = resetFocalPoint


class qMRMLThreeDWidget:
    def __init__(self, node):
        self._node = node
        self._view = None

    def mrmlViewNode(self):
        return self._node

    def threeDView(self) -> qMRMLThreeDView:
        if self._view is None:
            self._view = qMRMLThreeDView(self._node)
        return self._view

    def image(self, width: int = _SIZE[0], height: int = _SIZE[1]) -> np.ndarray:
        return self.threeDView().image(width, height)


class qMRMLPlotView:
    """Our drawing of a plot view's chart node: lines, points, titles, axis ranges."""

    _SHAPES = ("PlotTypeLine", "PlotTypeScatter", "PlotTypeScatterBar", "PlotTypeBar")

    def __init__(self, node):
        self._node = node
        self._view = vtk.vtkContextView()
        self._view.GetRenderWindow().SetOffScreenRendering(1)
        self._view.GetRenderWindow().SetMultiSamples(0)
        self._view.GetRenderer().SetBackground(1, 1, 1)
        self._chart = vtk.vtkChartXY()
        self._view.GetScene().AddItem(self._chart)

    def mrmlPlotViewNode(self):
        return self._node

    def chart(self):
        """The drawn vtkChartXY, brought up to date."""
        self._fill()
        return self._chart

    def repaint(self) -> None:
        self._fill()
        self._view.GetRenderWindow().Render()

    def image(self, width: int = 600, height: int = _SIZE[1]) -> np.ndarray:
        self._view.GetRenderWindow().SetSize(width, height)
        self.repaint()
        return grab(self._view.GetRenderWindow())

    def _fill(self) -> None:
        self._chart.ClearPlots()
        node = self._node.GetPlotChartNode()
        if node is None:
            return
        self._chart.SetTitle(node.GetTitle() or "" if node.GetTitleVisibility() else "")
        self._chart.SetShowLegend(bool(node.GetLegendVisibility()))
        axes = (
            (vtk.vtkAxis.BOTTOM, node.GetXAxisTitle(), node.GetXAxisRangeAuto(), node.GetXAxisRange()),
            (vtk.vtkAxis.LEFT, node.GetYAxisTitle(), node.GetYAxisRangeAuto(), node.GetYAxisRange()),
        )
        for position, title, automatic, limits in axes:
            axis = self._chart.GetAxis(position)
            axis.SetTitle(title or "")
            axis.SetBehavior(vtk.vtkAxis.AUTO if automatic else vtk.vtkAxis.FIXED)
            if not automatic:
                axis.SetRange(*limits)
        for index in range(node.GetNumberOfPlotSeriesNodes()):
            self._addSeries(node.GetNthPlotSeriesNode(index))
        self._chart.RecalculateBounds()

    def _addSeries(self, series) -> None:
        table = series.GetTableNode().GetTable() if series and series.GetTableNode() else None
        if table is None or table.GetNumberOfRows() < 2:
            return
        kind = series.GetPlotType()
        if kind not in (series.PlotTypeLine, series.PlotTypeScatter):
            raise NotImplementedError("The test stand draws lines and scatter plots only.")
        plot = self._chart.AddPlot(vtk.vtkChart.LINE)
        if series.GetXColumnName():
            plot.SetInputData(table, series.GetXColumnName(), series.GetYColumnName())
        else:
            plot.SetUseIndexForXSeries(True)
            plot.SetInputData(table, series.GetYColumnName(), series.GetYColumnName())
        plot.SetLabel(series.GetName())
        plot.SetColorF(*series.GetColor())
        plot.SetWidth(series.GetLineWidth())
        hasLine = series.GetLineStyle() != series.LineStyleNone
        plot.GetPen().SetLineType(series.GetLineStyle() if hasLine else vtk.vtkPen.NO_PEN)
        plot.SetMarkerStyle(series.GetMarkerStyle())
        plot.SetMarkerSize(series.GetMarkerSize())


class qMRMLPlotWidget:
    def __init__(self, node):
        self._node = node
        self._view = None

    def mrmlPlotViewNode(self):
        return self._node

    def plotView(self) -> qMRMLPlotView:
        if self._view is None:
            self._view = qMRMLPlotView(self._node)
        return self._view

    def image(self, width: int = 600, height: int = _SIZE[1]) -> np.ndarray:
        return self.plotView().image(width, height)


class LayoutManager(QtCore.QObject):
    """``slicer.app.layoutManager()``: the views of the current layout, which Slicer's layout logic keeps."""

    layoutChanged = QtCore.Signal(int)

    def __init__(self, applicationLogic, scene):
        super().__init__()
        self._applicationLogic = applicationLogic
        self._scene = scene
        self._sliceLogics = vtk.vtkCollection()
        self._viewLogics = vtk.vtkCollection()
        self._widgets: dict[str, object] = {}  # by node ID; a view lives on when the layout hides it
        applicationLogic.SetSliceLogics(self._sliceLogics)
        applicationLogic.SetViewLogics(self._viewLogics)
        self._layoutLogic = slicer.vtkMRMLLayoutLogic()
        self._layoutLogic.SetMRMLApplicationLogic(applicationLogic)
        self._layoutLogic.SetMRMLScene(scene)
        self._arrangement = None
        node = self._layoutLogic.GetLayoutNode()
        node.AddObserver(vtk.vtkCommand.ModifiedEvent, lambda caller, event: self._onLayoutModified())
        node.SetViewArrangement(node.SlicerLayoutFourUpView)
        self._onLayoutModified()

    def _onLayoutModified(self) -> None:
        self._makeWidgets()
        arrangement = self._layoutLogic.GetLayoutNode().GetViewArrangement()
        if arrangement != self._arrangement:
            self._arrangement = arrangement
            self.layoutChanged.emit(arrangement)

    def _makeWidgets(self) -> None:
        shown = {node.GetID(): node for node in self._shownNodes()}
        # As qMRMLLayoutViewFactory: taken from all views before a layout is set up, and given to those that it has.
        for nodeId in self._widgets:
            node = self._scene.GetNodeByID(nodeId)
            if node is not None and nodeId not in shown:
                node.SetMappedInLayout(False)
        for node in shown.values():
            node.SetMappedInLayout(True)
            if node.GetID() in self._widgets:
                continue
            if node.IsA("vtkMRMLSliceNode"):
                self._widgets[node.GetID()] = qMRMLSliceWidget(node, self._sliceLogic(node))
            elif node.IsA("vtkMRMLViewNode"):
                logic = slicer.vtkMRMLViewLogic()
                logic.SetMRMLApplicationLogic(self._applicationLogic)
                self._viewLogics.AddItem(logic)
                logic.SetMRMLScene(self._scene)
                self._widgets[node.GetID()] = qMRMLThreeDWidget(node)
            elif node.IsA("vtkMRMLPlotViewNode"):
                self._widgets[node.GetID()] = qMRMLPlotWidget(node)

    def _sliceLogic(self, node):
        logic = slicer.vtkMRMLSliceLogic()
        logic.SetMRMLApplicationLogic(self._applicationLogic)
        self._sliceLogics.AddItem(logic)
        logic.SetMRMLScene(self._scene)
        logic.SetSliceNode(node)
        logic.ResizeSliceNode(*_SIZE)
        return logic

    def _shownNodes(self) -> list:
        nodes = self._layoutLogic.GetViewNodes()
        return [nodes.GetItemAsObject(index) for index in range(nodes.GetNumberOfItems())]

    # Layout

    def layoutLogic(self):
        return self._layoutLogic

    @property
    def layout(self) -> int:
        return self._layoutLogic.GetLayoutNode().GetViewArrangement()

    def setLayout(self, layout: int) -> None:
        self._layoutLogic.GetLayoutNode().SetViewArrangement(layout)

    def mrmlScene(self):
        return self._scene

    def mrmlSliceLogics(self):
        return self._sliceLogics

    # Views of the layout

    def _ofClass(self, cls: type) -> list:
        self._makeWidgets()
        return [w for node in self._shownNodes() if isinstance(w := self._widgets.get(node.GetID()), cls)]

    def sliceViewNames(self) -> tuple[str, ...]:
        return tuple(widget.mrmlSliceNode().GetLayoutName() for widget in self._widgetsOf(qMRMLSliceWidget))

    def _widgetsOf(self, cls: type) -> list:
        self._makeWidgets()
        return [widget for widget in self._widgets.values() if isinstance(widget, cls)]

    def sliceWidget(self, name: str):
        for widget in self._widgetsOf(qMRMLSliceWidget):
            if widget.mrmlSliceNode().GetLayoutName() == name:
                return widget
        return None

    @property
    def threeDViewCount(self) -> int:
        return len(self._ofClass(qMRMLThreeDWidget))

    def threeDWidget(self, index: int):
        found = self._ofClass(qMRMLThreeDWidget) or self._widgetsOf(qMRMLThreeDWidget)
        return found[index] if index < len(found) else None

    @property
    def plotViewCount(self) -> int:
        return len(self._ofClass(qMRMLPlotWidget))

    def plotWidget(self, index: int):
        found = self._ofClass(qMRMLPlotWidget) or self._widgetsOf(qMRMLPlotWidget)
        return found[index] if index < len(found) else None

    @property
    def tableViewCount(self) -> int:
        return 0

    def resetSliceViews(self) -> None:
        for widget in self._widgetsOf(qMRMLSliceWidget):
            widget.fitSliceToBackground()

    def resetThreeDViews(self) -> None:
        for widget in self._widgetsOf(qMRMLThreeDWidget):
            widget.threeDView().resetFocalPoint()

    def pauseRender(self) -> None:
        pass  # pictures are drawn when they are asked for

    resumeRender = pauseRender

    def forgetScene(self) -> None:
        """After the scene was cleared: the first layout again."""
        node = self._layoutLogic.GetLayoutNode()
        node.SetViewArrangement(node.SlicerLayoutFourUpView)
