"""A made study: six commuters, of whom four speak of the same things, and one of what nobody else knows."""

from __future__ import annotations

from persona_core.loading import load
from persona_core.models import Claim, Corpus, Evidence, Persona

SAID = {
    "P01": "I always check the timetable before I leave the house. The tickets are too expensive. I want to buy tickets in the app. I worry about delays and my connection.",
    "P02": "I buy tickets in the app every morning. The timetable is confusing. Delays make me late, and I lose my connection. I keep a xylophone in the hallway.",
    "P03": "I buy tickets at the counter because the app is slow. I check the timetable twice. Delays are the worst. My connection is gone by then.",
    "P04": "I want to buy tickets faster. I read the timetable on the platform. There are delays every week, so I miss my connection.",
    "P05": "Parking is what I think about. I look for parking near the office. The car is warm, and traffic is fine.",
    "P06": "I drive the car. Parking costs a lot, and traffic is slow. I look for parking every day.",
    "P07": "I drive because of the kids. Traffic is bad, parking is worse, and the car needs fuel.",
}


def study() -> Corpus:
    """Ages and places beside what was said."""
    rows = ["participant,Age,Occupation,City,What do you think about on the way to work?"]
    ages = dict(zip(SAID, (31, 34, 38, 36, 52, 55, 58), strict=True))
    for who, said in SAID.items():
        work, city = ("Nurse", "Leeds") if who in ("P01", "P02", "P03", "P04") else ("Falconer", "Oban")
        rows.append(f'{who},{ages[who]},{work},{city},"{said}"')
    return load([("study.csv", "\n".join(rows).encode())])


def commuter(**more: object) -> Persona:
    """Who stands for the first four."""
    given: dict[str, object] = {
        "id": "persona-001",
        "name": "Maya Okafor",
        "title": "Tickets, timetable and delays",
        "participants": ("P01", "P02", "P03", "P04"),
        "demographics": {"age_range": "31-38", "occupation": "Nurse", "city": "Leeds"},
        "goals": (claim("Wants to buy tickets faster", "I want to buy tickets faster", "P04"),),
        "pain_points": (
            claim("I worry about delays and my connection.", "I worry about delays and my connection", "P01"),
            claim("Keeps a xylophone in the hallway", "I keep a xylophone in the hallway", "P02"),
        ),
        "behaviours": (
            claim("Always checks the timetable", "I always check the timetable before I leave", "P01"),
        ),
    }
    return Persona.model_validate(given | more)


def claim(text: str, quote: str, who: str) -> Claim:
    """A claim that one participant's words bear out."""
    return Claim(text=text, evidence=(Evidence(quote=quote, participant=who),))
