"""What the networks' own figures of a result mean, in words."""

from __future__ import annotations

from slicer.i18n import tr as _

# Where a Dice lies between a first outline and what two people reach who outline the same organ.
GOOD_DICE = 0.85
FAIR_DICE = 0.7


def judgement(predictedDice: float | None, agreement: float | None) -> str:
    """Returns one or two sentences about a result.

    Args:
        predictedDice: forecast of the Dice with the true outline, 0 to 1; None where it is unknown.
        agreement: Dice of the two networks' masks, 0 to 1; None where it is unknown.
    """
    if predictedDice is None:
        return _(
            "There is no forecast for this segmentation: it was not predicted here, its scan shows nothing, or no "
            "structure was found in it."
        )
    if predictedDice >= GOOD_DICE:
        advice = _("likely good, look it through")
    elif predictedDice >= FAIR_DICE:
        advice = _("look at it closely, parts may need correction")
    else:
        advice = _("expect to correct it")
    text = _("Predicted Dice {dice:.2f}: {advice}.").format(dice=predictedDice, advice=advice)
    if agreement is not None:
        text += " " + _("The two networks agree to {agreement:.2f}.").format(agreement=agreement)
    return text
