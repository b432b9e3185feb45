"""A model as a TorchScript program, which runs where this package isn't installed.

Written in the part of Python that TorchScript knows. What it computes is what :mod:`dualtaskseg.inference` computes,
with whole volumes instead of a few slices at a time; a test holds the two against each other.
"""

from __future__ import annotations

import copy
import math

import torch
import torch.nn.functional as F
from torch import nn

from dualtaskseg.data.grid import BLUR_ABOVE, FEWEST_TO_BLUR, SAME_SPACING
from dualtaskseg.inference.answers import LARGEST_SCORE, answers_of, decoded, largest_of
from dualtaskseg.inference.sliding_window import BATCH_VOXELS, BLOCK_VOXELS, OVERLAP, SIGMA, WHOLE_UP_TO
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.planning.plan import Plan

BLUR_REACH = 4.0  # standard deviations up to which the blur's kernel is computed
EXAMPLE_FOLD = 2  # side of the example that the networks are traced with, in total strides


class _Answers(nn.Module):
    """Both networks on windows (B, 1, z, y, x): their answers (B, 2 K, z, y, x), and the largest score."""

    def __init__(self, networks: TwoNetworks, plan: Plan) -> None:
        super().__init__()
        self.networks = networks
        self.plan = plan

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        scores = self.networks.probability(images).float()
        raw = self.networks.distance(images).float()
        return answers_of(self.networks, self.plan, scores, raw), largest_of(scores, raw)


class _Decoder(nn.Module):
    """The method's decoding: averaged answers (2 K, z, y, x) to class probabilities (K + 1, z, y, x)."""

    def __init__(self, networks: TwoNetworks, plan: Plan) -> None:
        super().__init__()
        # without the networks themselves, whose weights need not be kept twice
        self.networks = TwoNetworks(
            nn.Identity(), nn.Identity(), list(plan.truncation), plan.temperature, networks.exclusive
        )
        self.plan = plan

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return decoded(self.networks, self.plan, values).together


class ScanNetwork(nn.Module):
    """From a prepared scan of any size to its class probabilities; to be scripted. See :func:`scripted`.

    Images are (..., x, y, z) as in MONAI; inside they are (z, y, x).
    """

    def __init__(self, answers: nn.Module, decoder: nn.Module, plan: Plan) -> None:
        super().__init__()
        self.answers = answers
        self.decoder = decoder
        self.patch = list(plan.patch)
        self.strides = list(plan.network.total_stride)
        self.spacing = [float(side) for side in plan.spacing]
        self.segments = len(plan.segments)
        self.overlap = OVERLAP
        self.sigma = SIGMA
        self.whole_up_to = WHOLE_UP_TO
        self.largest_score = LARGEST_SCORE
        self.batch_voxels = BATCH_VOXELS
        self.block_voxels = BLOCK_VOXELS
        self.blur_above = BLUR_ABOVE
        self.blur_reach = BLUR_REACH
        self.fewest_to_blur = FEWEST_TO_BLUR
        self.same_spacing = SAME_SPACING

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Class probabilities (B, K + 1, x, y, z), the background first, of prepared scans (B, 1, x, y, z)."""
        results: list[torch.Tensor] = []
        for index in range(image.shape[0]):
            results.append(self.of_scan(image[index, 0].permute(2, 1, 0)).permute(0, 3, 2, 1))
        return torch.stack(results)

    @torch.jit.export
    def smoothed(self, image: torch.Tensor, spacing: list[float]) -> torch.Tensor:
        """A scan (1, x, y, z) before it is brought to the plan's spacing.

        Voxels that are no number get the lowest intensity. Axes that become much coarser are blurred, so that fine
        structure does not alias.

        Args:
            spacing: of the scan, (x, y, z) in mm, its axes in the plan's orientation.
        """
        is_finite = torch.isfinite(image)
        if not bool(is_finite.all()):
            if bool(is_finite.any()):
                image = torch.where(is_finite, image, image[is_finite].min())
            else:
                image = torch.zeros_like(image)
        is_same = True
        for axis in range(3):
            new, old = self.spacing[2 - axis], spacing[axis]
            is_same = is_same and abs(new - old) < self.same_spacing * old
        if not is_same:
            for axis in range(3):
                scale = self.spacing[2 - axis] / spacing[axis]
                if scale > self.blur_above and image.shape[axis + 1] >= self.fewest_to_blur:
                    image = self.blurred(image, axis + 1, 0.5 * math.sqrt(scale * scale - 1.0))
        return image

    def blurred(self, image: torch.Tensor, dimension: int, std: float) -> torch.Tensor:
        radius = math.ceil(self.blur_reach * std)
        offsets = torch.arange(-radius, radius + 1, dtype=torch.float32, device=image.device)
        kernel = torch.exp(-0.5 * (offsets / std) ** 2)
        kernel = kernel / kernel.sum()
        lines = image.transpose(dimension, -1)
        shape = lines.shape
        padded = F.pad(lines.reshape(1, -1, shape[-1]), [radius, radius], mode="replicate")
        result = F.conv1d(padded.reshape(-1, 1, shape[-1] + 2 * radius), kernel.reshape(1, 1, -1))
        return result.reshape(shape).transpose(dimension, -1)

    @torch.jit.export
    def window(self, shape: list[int]) -> list[int]:
        """The size of the windows for a scan (z, y, x), as prediction chooses it: a patch, or all of a small scan."""
        is_small = True
        for axis in range(3):
            is_small = is_small and shape[axis] <= self.whole_up_to * self.patch[axis]
        if is_small:
            whole: list[int] = []
            voxels, of_patches = 1, 1
            for axis in range(3):
                step = self.strides[axis]
                whole.append(max(2 * step, (shape[axis] + step - 1) // step * step))
                voxels *= whole[axis]
                of_patches *= len(self.starts(shape[axis], self.patch[axis])) * self.patch[axis]
            if voxels <= of_patches:
                return whole
        return [max(self.patch[axis], 2 * self.strides[axis]) for axis in range(3)]

    def starts(self, side: int, size: int) -> list[int]:
        """Where windows begin along an axis; the last one ends with the scan."""
        step = max(1, int(size * (1 - self.overlap)))
        last = max(0, side - size)
        starts: list[int] = []
        for start in range(0, last, step):
            starts.append(start)
        starts.append(last)
        return starts

    def importance(self, window: list[int], device: torch.device) -> torch.Tensor:
        """How much each voxel of a window counts, as in MONAI's ``compute_importance_map``."""
        weights = torch.ones([1, 1, 1], device=device)
        for axis in range(3):
            half = (window[axis] - 1) / 2.0
            offsets = torch.arange(-half, half + 1.0, dtype=torch.float32, device=device)
            line = torch.exp(offsets**2 / (-2.0 * (window[axis] * self.sigma) ** 2))
            shape = [1, 1, 1]
            shape[axis] = window[axis]
            weights = weights * line.reshape(shape)
        return weights.clamp(min=max(float(weights.min()), 1e-3))

    def of_scan(self, image: torch.Tensor) -> torch.Tensor:
        """Class probabilities (K + 1, z, y, x) of a prepared scan (z, y, x)."""
        shape = list(image.shape)
        result = torch.zeros([self.segments + 1] + shape, device=image.device)  # noqa: RUF005  no stars in TorchScript
        if bool(image.min() == image.max()):  # nothing can be seen in it
            result[0] = 1.0
            return result
        window = self.window(shape)
        before, sides = [0, 0, 0], list(shape)
        padding: list[int] = []
        for axis in range(3):
            missing = max(0, window[axis] - shape[axis])
            before[axis] = missing // 2
            sides[axis] = shape[axis] + missing
            padding = [missing // 2, missing - missing // 2] + padding  # noqa: RUF005
        padded = F.pad(image[None, None], padding, mode="replicate")[0]
        importance = self.importance(window, image.device)
        sums = torch.zeros([2 * self.segments] + sides, device=image.device)  # noqa: RUF005
        weights = torch.zeros(sides, device=image.device)
        corners: list[list[int]] = []
        for z in self.starts(shape[0], window[0]):
            for y in self.starts(shape[1], window[1]):
                for x in self.starts(shape[2], window[2]):
                    corners.append([z, y, x])
        # Two at a time on a CPU, and one doubled: of one alone, PyTorch takes four times as long, and rounds otherwise.
        batch = max(1, self.batch_voxels // (window[0] * window[1] * window[2])) if image.is_cuda else 2
        for first in range(0, len(corners), batch):
            chosen = corners[first : first + batch]
            parts: list[torch.Tensor] = []
            for at in chosen:
                parts.append(self.cut(padded, at, window))
            if len(parts) == 1 and not image.is_cuda:
                parts.append(parts[0])
            answers, largest = self.answers(torch.stack(parts))
            if not bool(largest <= self.largest_score):
                raise RuntimeError(
                    "The networks answered with numbers that make no sense; check the scan's intensities"
                )
            for index in range(len(chosen)):
                self.cut(sums, chosen[index], window).addcmul_(answers[index], importance)
                self.cut(weights[None], chosen[index], window).add_(importance)
        inner = self.cut(sums, before, shape), self.cut(weights[None], before, shape)
        step = max(1, self.block_voxels * shape[0] // max(1, shape[0] * shape[1] * shape[2]))
        for start in range(0, shape[0], step):
            values = inner[0][:, start : start + step] / inner[1][:, start : start + step]
            result[:, start : start + step] = self.decoder(values)
        return result

    def cut(self, volumes: torch.Tensor, at: list[int], size: list[int]) -> torch.Tensor:
        """A view of a part of volumes (channels, z, y, x)."""
        return volumes[:, at[0] : at[0] + size[0], at[1] : at[1] + size[1], at[2] : at[2] + size[2]]


def scripted(networks: TwoNetworks, plan: Plan) -> torch.jit.ScriptModule:
    """The TorchScript program of a model.

    Args:
        networks: in evaluation mode, on the CPU; left as they are.

    Raises:
        Exception: whatever PyTorch says of a method's decoding that it can't follow.
    """
    networks = copy.deepcopy(networks).eval().requires_grad_(False)
    # two samples, since of one on a CPU a layer of ours would record what only CPUs can do
    sides = [EXAMPLE_FOLD * step for step in plan.network.total_stride]
    images = torch.randn(2, 1, *sides, generator=torch.Generator().manual_seed(0))
    answers = _Answers(networks, plan).eval()
    decoder = _Decoder(networks, plan).eval()
    with torch.no_grad():
        values = answers(images)[0][0]
        traced = torch.jit.trace(answers, images, check_trace=False)
        traced_decoder = torch.jit.trace(decoder, values, check_trace=False)
    return torch.jit.script(ScanNetwork(traced, traced_decoder, plan)).eval()
