"""The forecast of quality against the truth, on scans that no training has seen.

Twelve scans, each noisier and more blurred than the one before. A forecast that is worth anything puts them in about
the right order. (Scans that are all alike it need not: how their Dice differ is chance.)
"""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.evaluation.metrics import UNION, quick_dice
from dualtaskseg.inference.predictor import Predictor
from dualtaskseg.inference.ranking import predicted_dice
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.synthetic.cohort import make_scan, write_cohort
from dualtaskseg.training.trainer import train
from scipy.stats import spearmanr

SIZE = (20, 24, 20)


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Predictor:
    folder = tmp_path_factory.mktemp("forecast")
    cohort = write_cohort(folder / "cohort", labeled=4, unlabeled=6, held_out=0, seed=4, size=SIZE)
    dataset = load_dataset(cohort.dataset)
    request = TrainingRequest(dataset, iterations=200, device="cpu").to_dict()
    train(RunFolder.create(folder / "run", request).folder)
    return Predictor(folder / "run", "cpu")


def worse(scan: sitk.Image, degree: float, seed: int) -> sitk.Image:
    """The scan with a blur and noise of a degree from 0 to 1."""
    if degree == 0:
        return scan
    smooth = sitk.SmoothingRecursiveGaussian(sitk.Cast(scan, sitk.sitkFloat32), 6.0 * degree)
    array = sitk.GetArrayFromImage(smooth)
    noise = np.random.default_rng(seed).normal(0, 4 * degree * array.std(), array.shape)
    result = sitk.GetImageFromArray((array + noise).astype(np.float32))
    result.CopyInformation(scan)
    return result


def test_the_forecast_follows_the_truth(model):
    truth, forecast = [], []
    factor = float(model.description.trained_on["forecast_factor"])
    for index in range(12):
        scan, label = make_scan(1000 + index, size=SIZE)
        prediction = model.predict(worse(scan, index / 11, index))
        found = sitk.GetArrayFromImage(prediction.label)
        truth.append(quick_dice(found, sitk.GetArrayFromImage(label), [1, 2])[UNION])
        forecast.append(predicted_dice(prediction.summary, factor))
    correlation = spearmanr(truth, forecast)[0]
    assert correlation >= 0.8, list(zip(truth, forecast, strict=True))
    assert abs(np.mean(forecast) - np.mean(truth)) < 0.25
