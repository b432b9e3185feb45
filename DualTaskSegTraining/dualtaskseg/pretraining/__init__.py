"""Networks that know shapes before they see a scan: pretrained on random volumes, and how trainings start from them."""
