"""The texts of the page about what was sent, and of the form about alerts, English and Dutch side by side."""

from collections.abc import Mapping

NOTIFICATION_TEXTS: Mapping[str, tuple[str, str]] = {
    # the alerts of a client
    "attention": ("Alerts", "Meldingen"),
    "attention_note": (
        "What cannot wait is told at once. All of it stands in the digest, whatever is chosen here.",
        "Wat niet kan wachten wordt meteen gemeld. In het overzicht staat alles, wat hier ook gekozen is.",
    ),
    "attention_of_owner": (
        "The alerts of this client go to those who hear of the clients of {owner}.",
        "De meldingen over deze klant gaan naar wie hoort over de klanten van {owner}.",
    ),
    "attention_of_nobody": (
        "Nobody answers for this client: its alerts go to those who hear of all clients.",
        "Niemand is verantwoordelijk voor deze klant: meldingen gaan naar wie over alle klanten hoort.",
    ),
    "attention_taken": (
        "{person} took the alerts of this client over on {day}.",
        "{person} heeft de meldingen over deze klant overgenomen op {day}.",
    ),
    "attention_muted": ("None goes out until {until}.", "Er gaat er geen uit tot {until}."),
    "attention_muted_by": (
        "None goes out until {until}: {person} chose that.",
        "Er gaat er geen uit tot {until}: dat koos {person}.",
    ),
    "attention_mute": ("No alerts for", "Geen meldingen gedurende"),
    "attention_day": ("a day", "een dag"),
    "attention_week": ("a week", "een week"),
    "attention_month": ("a month", "een maand"),
    "attention_sound": ("Alerts again", "Weer meldingen"),
    "attention_take": ("Take the alerts over", "Neem de meldingen over"),
    "attention_give": ("Give the alerts back", "Geef de meldingen terug"),
    "attention_nameless": (
        "Whoever takes alerts over has to be known by name; this link names nobody.",
        "Wie meldingen overneemt moet bij naam bekend zijn; deze link noemt niemand.",
    ),
    "saved_muted": ("Saved: no alerts until {until}.", "Bewaard: geen meldingen tot {until}."),
    "saved_sounding": ("Saved: this client has alerts again.", "Bewaard: er zijn weer meldingen over deze klant."),
    "saved_taken": (
        "Saved: the alerts of this client go to {person}.",
        "Bewaard: de meldingen over deze klant gaan naar {person}.",
    ),
    "saved_given": ("Saved: the alerts were given back.", "Bewaard: de meldingen zijn teruggegeven."),
}
