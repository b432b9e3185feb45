"""A test stand: just enough of the Slicer application for the module's real code to run, see README.md."""

import os

# Read by Qt and VTK when they are imported: no screen, and enumerators which are ints as in PythonQt.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYSIDE6_OPTION_PYTHON_ENUM", "0x2")
os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
