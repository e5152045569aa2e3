"""What a speaker's label says about who speaks: asked, asking, unknown; a name, an id, or neither."""

from __future__ import annotations

import re

from persona_core.models.corpus import Role


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_INTERVIEWER = _listed(
    """interviewer moderator researcher facilitator assistant ai bot chatbot claude chatgpt gpt gemini copilot host i int
    iv q question interv mod m ir interviewer1 interviewer2 uxr r&d system tool observer notetaker transcriber
    interviewerin moderatorin moderador moderadora entrevistador entrevistadora intervieweur enquêteur enquêtrice
    intervistatore intervistatrice moderatore moderatrice badacz badaczka prowadzący prowadząca intervjuare görüşmeci
    интервьюер модератор ведущий ведущая исследователь 質問者 インタビュアー 聞き手 司会 司会者 采访者 访谈者 访问者 主持人
    提问者 採訪者 訪談者 訪問者 진행자 질문자 면접관 인터뷰어 المحاور المحاورة"""
)
_PARTICIPANT = _listed(
    """participant user respondent interviewee informant subject customer client guest human patient p a answer ie resp
    part pt expert tester testperson proband probandin befragte befragter interviewte interviewter teilnehmer
    teilnehmerin participante entrevistado entrevistada enquêté enquêtée intervistato intervistata uczestnik uczestniczka
    respondentka deelnemer deltagare katılımcı респондент респондентка участник участница 回答者 参加者 被験者 受访者 被访者
    受訪者 参与者 참가자 참여자 응답자 المشارك المشاركة"""
)
_UNKNOWN = _listed("speaker unknown voice person male female man woman spk all several unidentified")
_ROLE_WORDS = _listed(
    """manager marketing designer interface engineer developer director teacher student nurse professor doctor chair
    secretary analyst lead consultant owner founder president minister member committee industrial project product sales
    support grad phd postdoc representative coordinator specialist officer assistant technician"""
)
_METADATA = _listed(
    """date time duration location place recorded recording transcript transcription language topic project study session
    title id age gender occupation role job note notes example summary subject file version author source pros cons
    warning tip step background context keywords setting format length pseudonym code city country education http https
    today yes no ok pp re transcript_id interview_id participants name email e-mail phone telephone mobile address
    monday tuesday wednesday thursday friday saturday sunday"""
)
_ID = re.compile(r"(?:[PRSUTI]|ID|PT|SUBJ?|RESP|TN|VP|PART)[-_ ]?\d{1,5}[a-z]?", re.IGNORECASE)
_NUMBERED = re.compile(r"(.*?[^\W\d_])(?:[\s_-]*#?\s*\d{1,3}|[\s_-]+[A-Z])")
_TITLE = re.compile(r"(?:dr|prof|mr|mrs|ms|mx)\.?", re.IGNORECASE)


def known_role(label: str) -> Role | None:
    """The role that a label states by itself; None where it is a name, or says nothing."""
    plain = _plain(label)
    if _ID.fullmatch(label) and not re.match(r"i\W?\d", label, re.IGNORECASE):
        return Role.participant
    if re.fullmatch(r"i[-_ ]?\d{1,2}", label, re.IGNORECASE):
        return Role.interviewer
    if plain in _INTERVIEWER or plain.split()[:1] == ["interviewer"]:
        return Role.interviewer
    return Role.participant if plain in _PARTICIPANT else None


def is_id(label: str) -> bool:
    """Whether a label is a participant's id, the same person wherever it stands (`P03`, `R-12`)."""
    return bool(_ID.fullmatch(label)) and known_role(label) is Role.participant


def is_generic(label: str) -> bool:
    """Whether a label names a part that many may have, somebody else in each file (`User`, `Speaker 2`, `Teacher`)."""
    plain = _plain(label)
    if is_id(label):
        return False
    return plain in _INTERVIEWER | _PARTICIPANT | _UNKNOWN or not _ROLE_WORDS.union(_UNKNOWN).isdisjoint(
        plain.split()
    )


def is_metadata(label: str) -> bool:
    """Whether a label is the key of a transcript's head (`Date`), or of running text (`Note`), not a speaker."""
    plain = label.lower().strip(" *_#-")
    return plain in _METADATA or plain.split()[-1:] in (["id"], ["date"])


def looks_like_name(label: str) -> bool:
    """Whether a label could name a person: one to four words, each with a capital, initials and titles allowed.

    Scripts without capitals have none.
    """
    parts = label.replace(".", ". ").split()
    small = {"de", "van", "der", "von", "da", "bin", "al", "la"}
    return 1 <= len(parts) <= 4 and all(
        _TITLE.fullmatch(part) or part[0].isupper() or _is_caseless(part[0]) or part.lower() in small
        for part in parts
    )


def _is_caseless(letter: str) -> bool:
    return letter.isalpha() and letter.lower() == letter.upper()


def _plain(label: str) -> str:
    """A label in lower case, without its number: `Speaker 2` and `SPEAKER_02` are `speaker`."""
    label = label.strip(" *_:[]()<>")
    numbered = _NUMBERED.fullmatch(label)
    plain = (numbered.group(1) if numbered and len(numbered.group(1)) > 1 else label).lower()
    return plain.strip(" _-.")
