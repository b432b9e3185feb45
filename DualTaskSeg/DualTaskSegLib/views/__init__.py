"""How results and trainings are shown in the views."""
