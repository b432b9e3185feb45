"""What patches show of scans: those that are neither rotated nor zoomed, the scan's own voxels."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.method.augment import SpatialRange, random_transforms
from dualtaskseg.method.placing import Straight, Turned, placed
from dualtaskseg.method.sampling import Sampler
from dualtaskseg.method.sightings import Cut
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import prepare
from dualtaskseg.training.plan_run import plan_for

CPU = torch.device("cpu")
PATCH = (10, 13, 12)


def shown(kind: type, cut: Cut, shape: tuple[int, int, int], images: np.ndarray, label: np.ndarray) -> list:
    place = kind(cut, shape, PATCH, CPU)
    box = (slice(None), *place.box)
    return [place.smooth(images[box].copy()), place.nearest(label[place.box].copy()), place.valid]


@pytest.mark.parametrize("seed", range(12))
def test_a_straight_patch_shows_what_interpolation_would_at_voxels(seed):
    """Mirrored, beyond the scan's border, and of scans smaller than itself."""
    chance = np.random.default_rng(seed)
    shape = tuple(int(side) for side in chance.integers(4, 30, 3))
    images = chance.normal(size=(2, *shape)).astype(np.float16)
    label = chance.integers(0, 4, shape).astype(np.uint8)
    center = torch.tensor([chance.uniform(0, side - 1) for side in shape], dtype=torch.float32)
    cut = Cut(0, center, torch.diag(torch.tensor(chance.choice([-1.0, 1.0], 3), dtype=torch.float32)))
    cut = cut.on_voxels(PATCH)
    assert isinstance(placed(cut, shape, PATCH, CPU), Straight)
    assert float((cut.center - center).abs().max()) <= 0.5
    straight, turned = (shown(kind, cut, shape, images, label) for kind in (Straight, Turned))
    assert straight[0].dtype == torch.float32 and torch.allclose(straight[0], turned[0], atol=2e-4)
    assert torch.equal(straight[1], turned[1]) and torch.equal(straight[2], turned[2])
    assert set(straight[0].unique().tolist()) <= set(np.unique(images.astype(np.float32)).tolist())


def test_so_many_patches_are_rotated_and_zoomed_as_asked():
    limits = SpatialRange(mirror=(True, True, True), moved=0.3)
    matrices, zooms = random_transforms(1000, (2.5, 0.7, 0.7), limits, torch.Generator().manual_seed(1))
    straight = [Cut(0, torch.zeros(3), matrix).is_straight for matrix in matrices]
    assert 0.65 < np.mean(straight) < 0.75
    assert all((float(zoom) == 1) == is_straight for zoom, is_straight in zip(zooms, straight, strict=True))
    mirrored = torch.stack([torch.diagonal(matrix) for matrix in matrices[torch.tensor(straight)]])
    assert set(mirrored.unique().tolist()) == {-1.0, 1.0}


def test_half_of_the_patches_of_a_training_show_voxels_as_a_prediction_sees_them(dataset, tmp_path):
    plan = plan_for(dataset, [case.name for case in dataset.labeled], TrainingRequest(dataset))
    cases = prepare(dataset.labeled, plan, tmp_path)
    sampler = Sampler(cases, plan, True, CPU)
    known = [set(np.unique(case.image()).tolist()) for case in cases]
    batch = sampler.draw(100, torch.Generator().manual_seed(0))
    of_the_scan = [
        set(image.unique().tolist()) <= known[cut.case] for image, cut in zip(batch.image, batch.cuts, strict=True)
    ]
    assert of_the_scan == [cut.is_straight for cut in batch.cuts] and 30 < sum(of_the_scan) < 70


def test_plans_of_earlier_versions_rotate_and_zoom_all_patches(dataset):
    plan = plan_for(dataset, [case.name for case in dataset.labeled], TrainingRequest(dataset))
    document = json.loads(json.dumps(plan.to_dict()))
    del document["training"]["moved"]
    earlier = Plan.from_dict(document)
    assert earlier.training.moved == 1.0 != plan.training.moved
    sampler = Sampler([], earlier, True, CPU)
    first, _ = random_transforms(3, earlier.spacing, sampler.limits, torch.Generator().manual_seed(2))
    before = SpatialRange(earlier.rotation, earlier.zoom, earlier.mirror)
    assert torch.equal(first, random_transforms(3, earlier.spacing, before, torch.Generator().manual_seed(2))[0])
