"""PyTorch's optimizers, without its compiler.

PyTorch leaves the methods of an optimizer out of what its compiler sees, and for that loads the compiler itself at the
first use: 1,500 modules, as many seconds as all else that a training loads. Nothing here is compiled.
"""

from __future__ import annotations

import inspect

import torch

METHODS = ("add_param_group", "zero_grad", "state_dict", "load_state_dict", "step")


def never_compiled(kind: type[torch.optim.Optimizer]) -> type[torch.optim.Optimizer]:
    """A class that does the same without loading the compiler; its states can be exchanged with those of ``kind``."""
    methods = {name: inspect.unwrap(getattr(kind, name)) for name in METHODS}
    methods["step"] = torch.no_grad()(methods["step"])
    return type(kind.__name__, (kind,), methods)


AdamW = never_compiled(torch.optim.AdamW)
SGD = never_compiled(torch.optim.SGD)
