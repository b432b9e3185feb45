"""Keys for buttons of the panel, while the module is entered."""

from __future__ import annotations

from collections.abc import Callable

import qt
import slicer

KEYS = "DualTaskSegKeys"  # dynamic property of a button that has a key

# Keys that neither Slicer's main window nor its slice and 3D views use (b, f, g, r, t, v, brackets, arrows; Ctrl with
# letters and digits; Ctrl+Shift+A, T for markups). Segment Editor's own work while that module is entered only.
NEXT_PLACE, PREVIOUS_PLACE, HIDE_RESULT = "N", "Shift+N", "H"
ACCEPT, CORRECT = "Shift+A", "Shift+E"


class Shortcuts:
    """Clicks buttons when their keys are pressed.

    Args:
        tell: shows why a button can't be clicked.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._buttons: list[tuple[str, qt.QAbstractButton]] = []
        self._shortcuts: list[qt.QShortcut] = []

    def add(self, keys: str, button: qt.QAbstractButton) -> None:
        """Gives a button keys, such as ``Shift+N``; its tooltip tells them, see :func:`.section.setAvailable`."""
        button.setProperty(KEYS, keys)
        self._buttons.append((keys, button))

    def install(self) -> None:
        """The module was entered. Text fields take letters that are typed in them before shortcuts do."""
        window = slicer.util.mainWindow()
        if self._shortcuts or window is None:
            return
        for keys, button in self._buttons:
            shortcut = qt.QShortcut(qt.QKeySequence(keys), window)
            shortcut.autoRepeat = False
            shortcut.connect("activated()", lambda button=button: self._press(button))
            self._shortcuts.append(shortcut)

    def remove(self) -> None:
        """The module was left: the keys are others' again."""
        for shortcut in self._shortcuts:
            shortcut.enabled = False
            shortcut.deleteLater()
        self._shortcuts.clear()

    def _press(self, button: qt.QAbstractButton) -> None:
        if button.enabled:
            button.click()
        else:
            self._tell(button.toolTip)
