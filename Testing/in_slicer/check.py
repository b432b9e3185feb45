"""Goes through the whole module in a Slicer, without a person, and says of each step whether it worked.

    Slicer --testing --no-splash --additional-module-paths DualTaskSeg --python-script Testing/in_slicer/check.py

where ``DualTaskSeg`` is the module's folder in the source tree; not needed where the extension is installed. It makes
sample scans and a project in a temporary folder, trains for seconds on the processor, applies the model, looks at all
overlays, corrects, labels, exports, saves and loads the scene, and reloads the module. Scans, projects and settings of
the user are left as they are. The exit code is 0 if nothing failed, else 1.

Options, after the script's name:
    --install     install missing packages, without asking
    --out FILE    write what is printed to a file, too (on Windows, Slicer has no console)
    --minutes N   end after so many minutes, whatever hangs (20)
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))


def main():
    import slicer
    from checking.report import Report
    from checking.run import Run

    parser = argparse.ArgumentParser(prog="check.py")
    parser.add_argument("--install", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--minutes", type=float, default=20.0)
    options, _others = parser.parse_known_args(sys.argv[1:])
    report = Report(options.out)
    try:
        Run(report, options.install, options.minutes).all()
    except BaseException as error:  # of this script itself: Slicer must end all the same
        report.crashed(error)
    slicer.util.exit(report.close())


if __name__ == "__main__":
    main()
