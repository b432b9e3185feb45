"""A process that stays warm and does one job after the other for a graphical program, by lines of JSON.

Every line is one JSON object. On standard input, ``{"id": 1, "op": "predict", ...}`` asks for a job and
``{"op": "cancel", "id": 1}`` takes it back; the end of the input ends the process. On standard output, each job gives
``started``, then any number of ``progress`` and ``item``, and at last one of ``done``, ``error`` and ``cancelled``:

.. code-block:: json

   {"id": 1, "event": "started"}
   {"id": 1, "event": "progress", "fraction": 0.25, "seconds_left": 12.0, "text": "Segmenting"}
   {"id": 1, "event": "done", "result": {}}
   {"id": 1, "event": "error", "what": "scan.nrrd is damaged", "remedy": "Copy it again"}

What anything else prints goes to standard error.
"""
