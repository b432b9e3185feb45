"""Layouts of our own, and the user's that comes back."""

import scans  # noqa: F401  (makes DualTaskSegLib importable)


def test_both_layouts_show_what_they_are_for(host):
    import slicer
    from DualTaskSegLib.views import layouts

    manager = slicer.app.layoutManager()
    before = manager.layout
    assert layouts.switchTo(layouts.REVIEW) == before and manager.layout == layouts.REVIEW
    assert set(manager.sliceViewNames()) >= {"Red", "Green", "Yellow"} and manager.threeDViewCount == 1
    assert layouts.switchTo(layouts.TRAINING) == layouts.REVIEW
    assert manager.plotViewCount == 2
    assert layouts.plotView(layouts.LOSS_VIEW) is not layouts.plotView(layouts.DICE_VIEW)
    layouts.restore(before)
    assert manager.layout == before


def test_another_layout_that_the_user_chose_stays(host):
    import slicer
    from DualTaskSegLib.views import layouts

    manager = slicer.app.layoutManager()
    before = layouts.switchTo(layouts.REVIEW)
    manager.setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutOneUp3DView)
    layouts.restore(before)
    assert manager.layout == slicer.vtkMRMLLayoutNode.SlicerLayoutOneUp3DView
    layouts.restore(None)


def test_registering_twice_and_without_views_does_no_harm(host):
    import slicer
    from DualTaskSegLib.views import layouts

    layouts.register()
    layouts.register()
    node = layouts.layoutNode()
    if node is not None:
        assert node.IsLayoutDescription(layouts.REVIEW) and node.IsLayoutDescription(layouts.TRAINING)
    assert layouts.isOurs(layouts.REVIEW) and not layouts.isOurs(slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView)
