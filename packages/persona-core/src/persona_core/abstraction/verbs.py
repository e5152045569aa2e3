"""Verbs that take an object, in all their forms: a closed list, so that a sentence can be put together without a grammar."""

from __future__ import annotations

import re

from persona_core.text import with_s

_LEMMAS = """
    add adjust analyse answer apply arrange ask assemble assess automate avoid bake book brainstorm build buy calculate
    call carry catch change charge check choose clean coach code collect combine compare compile complete compose conduct
    configure convert convey cook copy correct cover craft create customise cut debug decide deliver deploy describe
    design detect develop discuss download draft draw drive edit estimate evaluate examine execute experience explain explore
    export express extract file fill film filter fix format gather generate grade guide handle hire identify illustrate
    implement import improve install interpret interview investigate keep lead learn manage mark market measure model monitor
    move optimise order organise outline paint paste pay perform pick pitch plan plot polish practise predict prepare
    present print process produce program proofread protect publish read recommend record refine remember remove repair reply
    report rephrase research resolve review revise rewrite run save schedule screen search select sell send serve set share ship
    shoot show simulate simplify sketch solve sort spend start store structure study submit summarise supervise support
    synthesise tailor teach test track train transcribe translate treat troubleshoot understand update upload verify view
    visit visualise wash watch wear write
"""
_IRREGULAR = {
    "build": "built", "buy": "bought", "catch": "caught", "choose": "chose chosen", "cut": "cut", "draw": "drew drawn",
    "drive": "drove driven", "keep": "kept", "lead": "led", "learn": "learnt", "pay": "paid", "read": "read",
    "rewrite": "rewrote rewritten", "run": "ran", "sell": "sold", "send": "sent", "set": "set", "shoot": "shot",
    "show": "shown", "spend": "spent", "teach": "taught", "understand": "understood", "wear": "wore worn",
    "write": "wrote written", "proofread": "proofread",
}  # fmt: skip
_DOUBLING = frozenset(
    "begin cut format forget get let plan plot program put run set ship stop submit".split()
)
_OTHERS = """
    accept accomplish achieve admit affect agree aim align allow appear appreciate approach argue arrive assist assume attempt become begin
    believe belong bother bounce break bring care cause come concern confirm connect consider contain continue contribute cost count
    crash deal decrease define demand depend deserve disagree disappear dislike do encounter encourage end engage enjoy enhance ensure
    enter excite expect fail fall fear feel fight find finish fit flag focus follow force forget frustrate gain get give go grow guess
    happen hate have hear help hesitate hide hold hope imagine impact include increase incorporate inform input integrate intend involve
    iterate jump know lack leave let lie like link listen live look lose love maintain make matter mean mention miss need notice
    obtain occur offer outweigh own pass play please point prefer prevent prompt propose prove provide pull push put raise reach realise
    receive recognise reduce refer reflect rely remain remind replace represent require respond rest result retain return risk say scare see
    seek seem sit sleep slow sound speak specialise speed stand start state stay steal step stick stop stress struggle succeed suggest
    suppose surprise take talk tell tend thank think throw touch trust try turn upset use utilise value vary wait walk want
    waste wish wonder work worry
"""
"""They end a noun phrase and have no object that could be told."""
_OTHER_PAST = {
    "become": "became", "begin": "began begun", "break": "broke broken", "bring": "brought", "come": "came", "cost": "cost", "do": "did done",
    "fall": "fell fallen", "feel": "felt", "fight": "fought", "find": "found", "fit": "fit", "forget": "forgot forgotten", "get": "got gotten",
    "give": "gave given", "go": "went gone", "grow": "grew grown", "have": "had", "hear": "heard", "hide": "hid hidden", "hold": "held",
    "know": "knew known", "leave": "left", "let": "let", "lose": "lost", "make": "made", "mean": "meant", "put": "put", "say": "said",
    "see": "saw seen", "seek": "sought", "sit": "sat", "sleep": "slept", "speak": "spoke spoken", "stand": "stood", "steal": "stole stolen",
    "stick": "stuck", "take": "took taken", "tell": "told", "think": "thought", "throw": "threw thrown",
}  # fmt: skip


def gerund(lemma: str) -> str:
    """`write` → `writing`."""
    if lemma in _DOUBLING:
        return lemma + lemma[-1] + "ing"
    if lemma.endswith("ie"):
        return lemma[:-2] + "ying"
    return lemma[:-1] + "ing" if lemma.endswith("e") and not lemma.endswith("ee") else lemma + "ing"


def _past(lemma: str) -> list[str]:
    if irregular := _IRREGULAR.get(lemma) or _OTHER_PAST.get(lemma):
        return irregular.split()
    if lemma in _DOUBLING:
        return [lemma + lemma[-1] + "ed"]
    if lemma.endswith("e"):
        return [lemma + "d"]
    return [lemma[:-1] + "ied" if re.search(r"[^aeiou]y$", lemma) else lemma + "ed"]


def _spellings(form: str) -> set[str]:
    american = form.replace("ys", "yz") if form.startswith("analys") else re.sub(r"is(?=e|i)", "iz", form)
    return {form, american}


def _forms(lemmas: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for lemma in lemmas.split():
        kinds = [("past", past) for past in _past(lemma)]
        kinds += [("third", with_s(lemma)), ("ing", gerund(lemma)), ("base", lemma)]
        for kind, form in kinds:
            for spelling in _spellings(form):
                found[spelling] = (lemma, kind)
    return found


FORMS = _forms(_LEMMAS)
"""Every form of a verb with an object: its lemma, and whether it is `base`, `third`, `ing` or `past`."""
OTHER_FORMS = _forms(_OTHERS)
"""The same of other verbs."""

FAMILY = {
    each: head
    for head, others in {
        "write": "draft compose",
        "create": "generate build craft produce",
        "check": "verify review proofread",
        "analyse": "examine interpret evaluate assess",
        "improve": "refine polish optimise revise",
        "plan": "organise schedule outline prepare",
        "collect": "gather search",
        "fix": "debug solve correct resolve troubleshoot repair",
        "learn": "study",
    }.items()
    for each in others.split()
}
"""Verbs counted as another one, which says nearly the same."""
