"""A funnel file is read for what it says, or refused with everything that is wrong with it."""

from __future__ import annotations

import pytest

from funnelctl.core.funnel import Funnel, Label, Stage
from funnelctl.core.funnel_file import validate
from funnelctl.core.nodes import Node
from funnelctl.errors import BadData
from funnelctl.workspace.yaml_nodes import load_nodes

# Eight lines: what is appended to it starts in line 9.
SMALLEST = """\
funnel: mine
stages:
  - stage: first-call
    holds: lead
    why: they wrote to us
  - stage: offer
    holds: opportunity
    why: they have our offer
"""


def parse(text: str) -> Funnel:
    root, problems = load_nodes(text.encode())
    assert problems == []
    assert root is not None
    return validate(root, "d" * 64)


def complaints(text: str) -> list[str]:
    with pytest.raises(BadData) as caught:
        parse(text)
    return [f"{each.line}:{each.column}: {each.message}" for each in caught.value.problems]


def test_the_smallest_file_and_what_it_leaves_to_us() -> None:
    assert parse(SMALLEST) == Funnel(
        key="mine",
        label=Label("Mine", "Mine", "Mine"),
        currency=None,
        stages=(
            Stage(
                key="first-call",
                funnel="mine",
                position=0,
                label=Label("First Call", "First Call", "First Call"),
                holds="lead",
                why="they wrote to us",
                probability=None,
                stale_after=None,
                requires=(),
                can_win=False,
                follow_up=(),
                sleeping=False,
            ),
            Stage(
                key="offer",
                funnel="mine",
                position=1,
                label=Label("Offer", "Offer", "Offer"),
                holds="opportunity",
                why="they have our offer",
                probability=None,
                stale_after=None,
                requires=(),
                can_win=True,
                follow_up=(),
                sleeping=False,
            ),
        ),
        statuses=(),
        lost_reasons=("price", "no-budget", "no-decision", "competitor", "timing", "not-a-fit", "other"),
        project=False,
        digest="d" * 64,
    )


def test_a_file_that_says_everything() -> None:
    funnel = parse(
        """\
funnel: all
label: {en: All, es: Todo, id: Semua}
currency: JPY
stages:
  - stage: offer
    label: {en: Offer, es: Oferta}
    holds: opportunity
    why: |
      They have our offer,
      and decide.
    probability: 1
    stale_after: 2w
    requires: [value, service, close, competitor, note, contact, company, email, phone, source]
    can_win: true
    follow_up: [0d, 3d, 1w]
  - stage: deal
    label: The deal
    holds: opportunity
    why: they have said yes
    probability: 0.75
  - stage: asleep
    holds: opportunity
    why: they asked us to wait
    sleeping: true
statuses: [in-review]
lost_reasons: [price]
project: true
"""
    )
    assert (funnel.label, funnel.currency, funnel.project) == (Label("All", "Todo", "Semua"), "JPY", True)
    assert (funnel.statuses, funnel.lost_reasons) == (("in-review",), ("price",))
    offer, deal, asleep = funnel.stages
    assert offer == Stage(
        key="offer",
        funnel="all",
        position=0,
        label=Label("Offer", "Oferta", "Offer"),
        holds="opportunity",
        why="They have our offer, and decide.",
        probability=1.0,
        stale_after=14,
        requires=(
            *("value", "service", "close", "competitor", "note"),
            *("contact", "company", "email", "phone", "source"),
        ),
        can_win=True,
        follow_up=(0, 3, 7),
        sleeping=False,
    )
    assert isinstance(offer.probability, float)
    assert (deal.label, deal.probability) == (Label("The deal", "The deal", "The deal"), 0.75)
    assert [stage.can_win for stage in funnel.stages] == [True, True, False]
    assert (asleep.sleeping, funnel.last) == (True, deal)


def test_a_funnel_needs_no_stage_for_leads() -> None:
    funnel = parse("funnel: f\nstages: [{stage: a, holds: opportunity, why: because of it}]")
    assert funnel.first_lead_stage is None


def test_a_lead_stage_may_have_a_probability_and_fields_of_a_lead() -> None:
    text = SMALLEST.replace(
        "holds: lead",
        "holds: lead\n    probability: 0.1\n    requires: [company, email, phone, contact, source, note]",
    )
    first = parse(text).stages[0]
    assert first.probability == 0.1
    assert first.requires == ("company", "email", "phone", "contact", "source", "note")


# What is appended to the file above (to its last stage, or beside it), and what is said about it.
APPENDED: dict[str, tuple[str, list[str]]] = {
    "an unknown key": ("curency: EUR", ['9:1: unknown key "curency"; did you mean "currency"?']),
    "an unknown key like no other": (
        "xyz: 1",
        ['9:1: unknown key "xyz"; expected one of funnel, label, currency, stages, statuses, lost_reasons, project'],
    ),
    "an unknown key of a stage": (
        "    probabilty: 0.4",
        ['9:5: unknown key "probabilty"; did you mean "probability"?'],
    ),
    "an unknown language": (
        "label: {en: Mine, fr: Mon}",
        ['9:19: unknown key "fr"; expected one of en, es, id'],
    ),
    "a label without English": (
        "label: {es: Mío}",
        ['9:8: the key "en" is missing: In English; also shown for a language that is left out.'],
    ),
    "a label of the wrong type": ("label: [Mine]", ["9:8: expected a text, found a list"]),
    "a number for a label": (
        "label: 2026",
        ["9:8: expected a text (put it in quotes), found the number 2026"],
    ),
    "a word of YAML in a label": (
        "    label: {en: Offer, es: true}",
        ["9:28: expected a text (put it in quotes), found true"],
    ),
    "nothing for a label": ("label:", ["9:7: expected a text, found nothing"]),
    "an empty label": ('label: " "', ['9:8: expected a text, found the text " "']),
    "a currency in small letters": (
        "currency: eur",
        ['9:11: expected the ISO 4217 code of a currency, such as EUR, found the text "eur"'],
    ),
    "a sign for a currency": (
        "currency: €",
        ['9:11: expected the ISO 4217 code of a currency, such as EUR, found the text "€"'],
    ),
    "no currency": (
        "currency: null",
        ["9:11: expected the ISO 4217 code of a currency, such as EUR, found nothing"],
    ),
    "statuses that are no list": (
        "statuses: proposed",
        ['9:11: expected a list, such as [proposed, in-review], found the text "proposed"'],
    ),
    "statuses switched off": (
        "statuses: false",
        ["9:11: expected a list, such as [proposed, in-review], found false"],
    ),
    "a status twice": (
        "statuses:\n  - proposed\n  - in-review\n  - proposed",
        ['12:5: "proposed" is here twice; the first is in line 10'],
    ),
    "a status that is no key": (
        "statuses: [In Review]",
        [
            "9:12: expected a key of small letters, digits and single hyphens, at most 40 characters,"
            ' found the text "In Review"'
        ],
    ),
    "a reason twice": (
        "lost_reasons: [price, price]",
        ['9:23: "price" is here twice; the first is in line 9'],
    ),
    "no reasons": ("lost_reasons: []", ["9:15: expected at least one reason, found an empty list"]),
    "reasons as keys": (
        "lost_reasons: {price: 1}",
        ["9:15: expected a list, such as [price, timing, other], found keys with values"],
    ),
    "a word for a flag": ("project: no", ['9:10: expected true or false, found the text "no"']),
    "a number for a flag": ("    can_win: 1", ["9:14: expected true or false, found the number 1"]),
    "a probability as a percentage": (
        "    probability: 40%",
        ['9:18: expected a number from 0 to 1, such as 0.4 for 40 percent, found the text "40%"'],
    ),
    "a probability as a percentage in digits": (
        "    probability: 40",
        ["9:18: expected a number from 0 to 1, such as 0.4 for 40 percent, found the number 40"],
    ),
    "a probability in quotes": (
        '    probability: "0.4"',
        ['9:18: expected a number from 0 to 1, such as 0.4 for 40 percent, found the text "0.4"'],
    ),
    "a probability below zero": (
        "    probability: -0.1",
        ["9:18: expected a number from 0 to 1, such as 0.4 for 40 percent, found the number -0.1"],
    ),
    "a probability of true": (
        "    probability: true",
        ["9:18: expected a number from 0 to 1, such as 0.4 for 40 percent, found true"],
    ),
    "a time without its unit": (
        "    stale_after: 14",
        ["9:18: expected a number of days such as 14d or 2w, found the number 14"],
    ),
    "a time that is none": (
        "    stale_after: soon",
        ['9:18: "soon" is not a number of days; write 14d or 2w'],
    ),
    "a time of nothing": ("    stale_after: 0d", ['9:18: expected at least 1d, found the text "0d"']),
    "a single time for a list": (
        "    follow_up: 3d",
        ['9:16: expected a list, such as [3d, 7d, 14d], found the text "3d"'],
    ),
    "times that are none": (
        "    follow_up: [3d, 3x, 7]",
        [
            '9:21: "3x" is not a number of days; write 14d or 2w',
            "9:25: expected a number of days such as 14d or 2w, found the number 7",
        ],
    ),
    "a time twice": ("    follow_up: [7d, 1w]", ['9:21: "1w" is here twice; the first is in line 9']),
    "a field that is none": (
        "    requires: [vaule, xyz]",
        [
            '9:16: unknown field "vaule"; did you mean "value"?',
            '9:23: unknown field "xyz"; expected one of'
            " company, email, phone, contact, source, note, value, service, close, competitor",
        ],
    ),
    "a field that is no text": (
        "    requires: [true]",
        ["9:16: expected the name of a field, such as value, found true"],
    ),
    "a field twice": (
        "    requires: [value, service, value]",
        ['9:32: "value" is here twice; the first is in line 9'],
    ),
    "fields that are no list": (
        "    requires: value",
        ['9:15: expected a list, such as [service, value], found the text "value"'],
    ),
    "a stage twice": (
        "  - stage: offer\n    holds: opportunity\n    why: they have our offer",
        ['9:12: the stage "offer" is here twice; the first is in line 6'],
    ),
    "a stage that is a text": (
        "  - deal",
        [
            "9:5: expected the keys stage, label, holds, why, probability, stale_after, requires, can_win,"
            ' follow_up, sleeping, found the text "deal"'
        ],
    ),
    "a stage without its keys": (
        "  - {}",
        [
            '9:5: the key "stage" is missing: The stage\'s own key: small letters, digits, hyphens.',
            '9:5: the key "holds" is missing: What stands in the stage: lead or opportunity.',
            '9:5: the key "why" is missing: Why the stage is needed, in a sentence: it costs effort on every record.',
        ],
    ),
    "an outcome as a stage": (
        "  - stage: won\n    holds: opportunity\n    why: they have said yes",
        ['9:12: expected a key other than won, lost, open (these are outcomes), found the text "won"'],
    ),
    "a key with an underscore": (
        "  - stage: the_deal\n    holds: opportunity\n    why: they have said yes",
        [
            "9:12: expected a key of small letters, digits and single hyphens, at most 40 characters,"
            ' found the text "the_deal"'
        ],
    ),
    "something else in a stage": (
        "  - stage: deal\n    holds: Opportunity\n    why: they have said yes",
        ['10:12: expected lead or opportunity, found the text "Opportunity"'],
    ),
    "a reason that says nothing": (
        "  - stage: deal\n    holds: opportunity\n    why: needed",
        ['11:10: expected a reason of at least 10 characters, found the text "needed"'],
    ),
    "a reason of space": (
        "  - stage: deal\n    holds: opportunity\n    why: 'a         b'",
        ['11:10: expected a reason of at least 10 characters, found the text "a         b"'],
    ),
    "no reason at all": (
        "  - stage: deal\n    holds: opportunity\n    why:",
        ["11:9: expected a text, found nothing"],
    ),
    "leads after opportunities": (
        "  - stage: late\n    holds: lead\n    why: they came too late",
        ["10:12: a stage that holds leads comes after one that holds opportunities"],
    ),
    "a last stage from which nothing is won": (
        "    can_win: false",
        ["9:14: the last stage must be one from which is won; expected true"],
    ),
    "a stage after the last from which is won": (
        "    can_win: true\n  - stage: deal\n    holds: opportunity\n    why: they have said yes\n    can_win: false",
        ["13:14: the last stage must be one from which is won; expected true"],
    ),
    "two that sleep": (
        "  - {stage: a, holds: opportunity, why: they wait here, sleeping: true}\n"
        "  - {stage: b, holds: opportunity, why: they wait there, sleeping: true}",
        ["10:68: a second sleeping stage; the first is in line 9"],
    ),
    "a win in one's sleep": (
        "  - {stage: a, holds: opportunity, why: they wait here, sleeping: true, can_win: true}",
        ["9:82: nothing is won while it sleeps; expected false in a sleeping stage"],
    ),
    "all opportunities asleep": (
        "    sleeping: true",
        ["6:5: no stage holds opportunities and is awake: nothing could be won"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), APPENDED.values(), ids=APPENDED)
def test_what_is_wrong_is_said_with_its_place(text: str, expected: list[str]) -> None:
    assert complaints(SMALLEST + text + "\n") == expected


# What takes the place of the leads' "holds: lead" in line 4, and what is said about it.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "holds: lead\n    can_win: true",
            ["5:14: only an opportunity can be won, and this stage holds leads"],
        ),
        (
            "holds: lead\n    sleeping: true",
            ["5:15: only an opportunity can be postponed, and this stage holds leads"],
        ),
        (
            "holds: lead\n    requires: [source, value, close]",
            [
                '5:24: "value" is no field of a lead; expected one of company, email, phone, contact, source, note',
                '5:31: "close" is no field of a lead; expected one of company, email, phone, contact, source, note',
            ],
        ),
        (
            "holds: lead\n    can_win: true\n    sleeping: true",
            [
                "5:14: only an opportunity can be won, and this stage holds leads",
                "6:15: only an opportunity can be postponed, and this stage holds leads",
            ],
        ),
    ],
)
def test_what_leads_cannot_do(text: str, expected: list[str]) -> None:
    assert complaints(SMALLEST.replace("holds: lead", text)) == expected


def test_what_a_lead_may_say_no_to() -> None:
    text = SMALLEST.replace("holds: lead", "holds: lead\n    can_win: false\n    sleeping: false")
    assert parse(text).stages == parse(SMALLEST).stages


def test_a_funnel_of_leads_only_has_no_end() -> None:
    assert complaints("funnel: f\nstages:\n- {stage: a, holds: lead, why: they wrote to us}\n") == [
        "3:3: no stage holds opportunities: nothing could be won"
    ]


ROOTS: dict[str, tuple[str, list[str]]] = {
    "a list": (
        "- funnel: mine\n",
        ["1:1: expected the keys funnel, label, currency, stages, statuses, lost_reasons, project, found a list"],
    ),
    "a text": (
        "# mine\nmine\n",
        [
            "2:1: expected the keys funnel, label, currency, stages, statuses, lost_reasons, project,"
            ' found the text "mine"'
        ],
    ),
    "nothing": (
        "---\n",
        ["2:1: expected the keys funnel, label, currency, stages, statuses, lost_reasons, project, found nothing"],
    ),
    "no keys": (
        "{}\n",
        [
            '1:1: the key "funnel" is missing: The funnel\'s own key: small letters, digits, hyphens.'
            " It never changes.",
            '1:1: the key "stages" is missing: The steps in order: first those that hold leads, then opportunities.',
        ],
    ),
    "no stages": (
        "funnel: mine\nstages: []\n",
        ["2:9: expected a list of 1 to 40 stages, found an empty list"],
    ),
    "stages as keys": (
        "funnel: mine\nstages: {offer: 1}\n",
        ["2:9: expected a list of 1 to 40 stages, found keys with values"],
    ),
    "a number as a key": (
        "funnel: 2026\nstages: [{stage: a, holds: opportunity, why: because of it}]\n",
        [
            "1:9: expected a key of small letters, digits and single hyphens, at most 40 characters,"
            " found the number 2026"
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), ROOTS.values(), ids=ROOTS)
def test_what_is_no_funnel_at_all(text: str, expected: list[str]) -> None:
    assert complaints(text) == expected


def test_forty_stages_and_no_more() -> None:
    def with_stages(count: int) -> str:
        lines = [f"- {{stage: s{n}, holds: opportunity, why: number {n} of many}}" for n in range(count)]
        return "\n".join(["funnel: mine", "stages:", *lines])

    assert len(parse(with_stages(40)).stages) == 40
    assert complaints(with_stages(41)) == ["43:3: a funnel has at most 40 stages, found 41"]


def test_a_long_value_is_shortened_in_the_message() -> None:
    (line,) = complaints(SMALLEST + f"    probability: {'x' * 500}\n")
    assert line.endswith('found the text "' + "x" * 59 + '…"')


def test_all_problems_are_told_at_once_in_order_of_place() -> None:
    text = """\
funnel: Mine
stages:
  - stage: offer
    holds: opportunity
    why: short
    probability: 2
    requires: [vaule]
  - stage: offer
    holds: lead
    can_win: yes
    whi: they wrote to us
statuses: [a, a]
project: yes
"""
    assert complaints(text) == [
        '1:9: expected a key of small letters, digits and single hyphens, at most 40 characters, found the text "Mine"',
        '5:10: expected a reason of at least 10 characters, found the text "short"',
        "6:18: expected a number from 0 to 1, such as 0.4 for 40 percent, found the number 2",
        '7:16: unknown field "vaule"; did you mean "value"?',
        '8:5: the key "why" is missing: Why the stage is needed, in a sentence: it costs effort on every record.',
        '8:12: the stage "offer" is here twice; the first is in line 3',
        "9:12: a stage that holds leads comes after one that holds opportunities",
        '10:14: expected true or false, found the text "yes"',
        '11:5: unknown key "whi"; did you mean "why"?',
        '12:15: "a" is here twice; the first is in line 12',
        '13:10: expected true or false, found the text "yes"',
    ]


def test_one_mistake_is_told_once() -> None:
    """What a stage holds is not known here, so nothing is said about the end of the funnel."""
    text = SMALLEST.replace("holds: opportunity", "holds: opportunities")
    assert complaints(text) == ['7:12: expected lead or opportunity, found the text "opportunities"']


def test_the_error_counts_its_problems() -> None:
    with pytest.raises(BadData, match=r"^the funnel: 2 problems$"):
        validate(Node({}, 1, 1), "")
    with pytest.raises(BadData, match=r"^the funnel: 1 problem$"):
        validate(Node([], 1, 1), "")
