"""The codes of the checks: packs that can be read, and still cannot be trusted."""

from __future__ import annotations

from typing import Final

from engine.packs.lint.codes_reader import Row
from engine.packs.lint.codes_tests import TESTS

CHECKS: Final[dict[str, tuple[Row, ...]]] = {
    "Form and identity": (
        (
            "?format",
            "The file is not in its canonical form.",
            "A difference between versions should be a difference in meaning.",
            "Write it with `lexgate packs format`.",
        ),
        (
            "duplicate-id",
            "Two rules, parameters, tests, rates or territories with one name where both are in force.",
            "A finding must name one thing.",
            "Rename the newer one.",
        ),
        (
            "retired-id",
            "A retired id is used again.",
            "Old decisions still speak of the old rule.",
            "Choose another id.",
        ),
        (
            "name-taken",
            "A parameter or let takes the name of a fact, of a parameter or of a let in reach.",
            "One of the two could no longer be named.",
            "Rename it.",
        ),
        (
            "?let-unused",
            "A let that nothing uses.",
            "Dead text is read as law.",
            "Use it or remove it.",
        ),
        (
            "time-zone",
            "Not a time zone of the IANA database.",
            "Midnight decides when a change bites.",
            "Write it as Europe/Berlin.",
        ),
    ),
    "Law": (
        (
            "cite-missing",
            "A statute rule or value, a rate or a territory without a citation; in tax, what is only recalled may go without.",
            "Law that cannot be looked up is an opinion.",
            "Add `cite: {source, at}`.",
        ),
        (
            "cite-unknown",
            "A citation of a source that is not declared.",
            "Nobody could look it up.",
            "Declare it under `sources` of pack.yaml.",
        ),
        (
            "?source-undated",
            "Statute rests on a source without any date.",
            "Without published, in_force or applies nobody can tell which text was meant.",
            "Add a date to the source, or say in its `note` why there is none.",
        ),
        (
            "?source-unused",
            "A source that nothing cites.",
            "It suggests law that is not there.",
            "Cite it or remove it.",
        ),
        (
            "?verified-stale",
            "Last verified more than 400 days ago.",
            "Law changes; nobody has looked.",
            "Look again and write the new date.",
        ),
        (
            "?verified-future",
            "Verified on a day that has not come.",
            "It cannot have been.",
            "Correct the date.",
        ),
        (
            "?house-as-law",
            "A choice of the house cites a regulation and does not say that it is a choice.",
            "A reader takes it for law.",
            "Say in `note` or `reading` what was chosen, or drop the citation.",
        ),
        (
            "overlay-forbidden",
            "A parameter of a more general pack is set where it may not be, or in the wrong direction.",
            "Only what the parent leaves open can be chosen.",
            "Mark the parent's parameter `overridable`, or use another name.",
        ),
        (
            "overlay-type",
            "A parameter is set again with another type or unit.",
            "The parent's conditions would compare the wrong things.",
            "Use the parent's type and unit.",
        ),
        (
            "pending-order",
            "A pending value is not the last entry.",
            "What comes after it could not be placed in time.",
            "Move it to the end.",
        ),
        (
            "?pending-overdue",
            "A pending value is past its deadline.",
            "The law has been dated, or has failed.",
            "Look it up: date it, or take it out.",
        ),
        (
            "?number-in-condition",
            "A number stands in a condition.",
            "Numbers of the law are dated and cited.",
            "Make it a parameter.",
        ),
    ),
    "Time": (
        (
            "time-order",
            "Values are not in ascending order, or two begin on one day.",
            "Which one holds would be an accident.",
            "Order them by `from`.",
        ),
        (
            "time-empty",
            "Something ends before it begins.",
            "It would never hold.",
            "Correct `from` or `to`.",
        ),
        (
            "time-parameter-gap",
            "A rule is in force on a day on which a parameter it needs has no value.",
            "It would be unknown for want of law.",
            "Date the rule by its numbers, or mark the value `unread: true`.",
        ),
        (
            "?time-before-source",
            "A rule begins before its source applies.",
            "It would be enforced too early.",
            "Correct the date of the rule or of the source.",
        ),
        (
            "connecting-unsupplied",
            "The domain does not supply this connecting date.",
            "The version of the law could not be chosen.",
            "Use payment_date.",
        ),
        (
            "member-overlap",
            "A place is a member of a group twice on one day.",
            "One of the two entries is wrong.",
            "End the first before the second begins.",
        ),
        (
            "extends-outside",
            "A pack extends a group of which no place where it holds is ever a member.",
            "A group's law holds for its members only: nothing of it would ever be applied here.",
            "Add the place to the group's `members`, or take the group out of `extends`.",
        ),
        (
            "extends-beyond",
            "A rule uses a let or parameter of a group on a day on which the place is not a member.",
            "The group's law does not hold there that day: the rule would be unknown, or lean on foreign law.",
            "Date the rule within the membership, or state in the pack itself what the rule needs.",
        ),
    ),
    "Logic of one rule": (
        (
            "condition-never",
            "The condition is true of no payment.",
            "The rule is dead.",
            "Correct the condition or remove the rule.",
        ),
        (
            "condition-always",
            "The condition is false of no payment.",
            "It tests nothing.",
            "Correct the condition; write `true` where that is meant.",
        ),
        (
            "?condition-undecided",
            "The condition is too large to decide whether it can be true and false.",
            "A dead rule would not be noticed.",
            "Name lets, or add a test that shows the missing outcome.",
        ),
        (
            "part-never",
            "A part of a condition is never true.",
            "Two of its comparisons exclude each other.",
            "Correct or remove the part.",
        ),
        (
            "part-always",
            "A part of a condition is never false.",
            "It decides nothing.",
            "Correct or remove the part.",
        ),
        (
            "?part-implied",
            "A part of a condition follows from the rest of it.",
            "Either it is idle, or another comparison was meant.",
            "Remove it, or correct the other.",
        ),
        (
            "branch-unreachable",
            "A branch of an `if` is never taken.",
            "What it says is never applied.",
            "Correct the test or remove the branch.",
        ),
    ),
    "Logic between rules": (
        (
            "unless-unknown",
            "An exception names no rule in reach.",
            "The exception would never be made.",
            "See what was probably meant.",
        ),
        (
            "unless-self",
            "A rule excepts itself.",
            "It would be its own exception.",
            "Remove it.",
        ),
        (
            "unless-circle",
            "Rules except each other in a circle.",
            "None of them can be decided first.",
            "Take one exception out.",
        ),
        (
            "?unless-idle",
            "An exception is never in force together with its rule.",
            "It never excepts.",
            "Correct the dates or remove it.",
        ),
        (
            "rule-shadowed",
            "Wherever the rule would fire, one of its exceptions does.",
            "The rule is dead.",
            "Correct the exception.",
        ),
        (
            "exemption-conflict",
            "Two rules give one exemption to different parties for one payment.",
            "Who may use it is left to chance.",
            "Make the rules exclude each other, or agree on `by`.",
        ),
        (
            "method-conflict",
            "Two method rules hold together and no method meets both.",
            "The payment could never be authenticated.",
            "Make the rules exclude each other, or share a method.",
        ),
        (
            "order-missing",
            "An exemption or exclusion is missing in the order of preference.",
            "Its rank would be left to the alphabet.",
            "Add it to the order.",
        ),
        (
            "order-unknown",
            "The order of preference names something that no rule gives.",
            "A misspelt name ranks nothing.",
            "See what was probably meant.",
        ),
        (
            "?order-absent",
            "Several exemptions and no `exemption_order`.",
            "Which one is taken is left to the alphabet.",
            "Add the parameter, basis house, with the reason.",
        ),
        (
            "require-missing",
            "A regime is in force and no rule requires anything.",
            "Every payment would be free without a word.",
            "Add the duty, or call the regime NONE.",
        ),
        (
            "regime-missing",
            "Rules are in force on a day on which no `sca_regime` is named.",
            "The answer would say that there is no law.",
            "Date the regime with its rules.",
        ),
    ),
    **TESTS,
    "Messages": (
        (
            "message-syntax",
            "Not a message catalogue.",
            "Nobody would be spoken to in that language.",
            "Mend the line named.",
        ),
        (
            "message-missing",
            "A sentence is not translated.",
            "An answer would mix two languages.",
            "Translate it.",
        ),
        (
            "?message-unused",
            "A sentence that nothing says.",
            "Somebody translates it in vain.",
            "Remove it.",
        ),
        (
            "message-duplicate",
            "A key stands twice.",
            "Only one of them is read.",
            "Keep one.",
        ),
        (
            "message-fuzzy",
            "A translation is marked fuzzy.",
            "Nobody has confirmed it.",
            "Check it and take the mark away.",
        ),
        (
            "message-placeholder-unknown",
            "A placeholder that the sentence does not offer.",
            "It could not be filled in.",
            "Use the placeholders of the English sentence.",
        ),
        (
            "message-placeholder-lost",
            "A placeholder of the English sentence is missing.",
            "The value would not be told.",
            "Put it where the language wants it.",
        ),
    ),
    "Drafts": (
        (
            "draft-empty",
            "A draft that changes nothing.",
            "There is nothing to approve.",
            "Write the change, or withdraw the draft.",
        ),
        (
            "draft-version",
            "A pack of another text with the version, or an earlier one, of what is in force.",
            "A released version never changes: an answer names it for ever.",
            "Raise `version` in its pack.yaml.",
        ),
        (
            "draft-conflict",
            "A mark of a conflict stands in a file: two sides changed the same entry differently.",
            "A merge never chooses for a person.",
            "Write the entry as it is to be, and take the marks out.",
        ),
        (
            "draft-milder",
            "What the house says on its own authority makes an answer milder than the law that came with the software.",
            "A house may only be stricter than the law.",
            "Take it back, or cite the statute that says so.",
        ),
        (
            "?draft-unproved",
            "It is not proved that what the house says on its own authority makes no answer milder.",
            "The comparison gave no verdict, and unknown is not stricter.",
            "Look at it by hand before you approve it; a back-test shows what it does to past payments.",
        ),
        (
            "?draft-stale",
            "A fact that the draft touches, or that a rule it touches reads, was not looked at in time.",
            "A release should rest on what somebody has seen to hold; `LEXGATE_STALE_POLICY=refuse` makes it an error.",
            "Look at the source, and write the day and who looked in `verified`.",
        ),
    ),
    "Cost": (
        (
            "?cost-rule",
            "A rule's condition, lets and exceptions included, has too many parts.",
            "It is evaluated for every payment.",
            "Split the rule or simplify its lets.",
        ),
        (
            "?cost-domain",
            "All rules of a domain in one period have too many parts.",
            "They are evaluated for every payment.",
            "Move what is rare behind cheap conditions.",
        ),
    ),
}
"""Group -> rows."""
