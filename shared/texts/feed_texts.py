"""The texts of feeds and of the page where they are made, as `page_texts` has them."""

from collections.abc import Mapping

FEED_TEXTS: Mapping[str, tuple[str, str]] = {
    "feeds": ("Feeds", "Feeds"),
    "feeds_lead": (
        (
            "An address that a calendar program or a spreadsheet reads by itself, again and again. "
            "It can be read and nothing else, and whoever has it reads it."
        ),
        (
            "Een adres dat een agenda of spreadsheet zelf steeds opnieuw leest. "
            "Er kan alleen uit gelezen worden, en wie het heeft, leest mee."
        ),
    ),
    "feeds_new": ("A new feed", "Een nieuwe feed"),
    "feeds_owner": ("Whose clients", "Van wie de klanten zijn"),
    "feeds_mine": ("mine ({name})", "van mij ({name})"),
    "feeds_all": ("all clients", "alle klanten"),
    "feeds_owner_fault": (
        "Nobody of this name answers for a client by now.",
        "Niemand met deze naam is nu eigenaar van een klant.",
    ),
    "feeds_file": ("For", "Voor"),
    "feeds_file_fault": ("A calendar or a spreadsheet.", "Een agenda of een spreadsheet."),
    "feeds_ics": ("a calendar", "een agenda"),
    "feeds_csv": ("a spreadsheet", "een spreadsheet"),
    "feeds_language": ("Language", "Taal"),
    "feeds_language_fault": ("English or Dutch.", "Engels of Nederlands."),
    "feeds_days": ("Days", "Dagen"),
    "feeds_days_hint": ("{most} at most", "hoogstens {most}"),
    "feeds_days_fault": ("A whole number from 1 to {most}.", "Een heel getal van 1 t/m {most}."),
    "feeds_make": ("Make the feed", "Maak de feed"),
    "feeds_note": (
        (
            "A calendar has the talks that are planned, agreements that are due, goals, and what time alone will do; "
            "a table has the columns of the portfolio's CSV. What is for the agency alone is among it; the days on "
            "which people responded and who comes to a talk are not. It goes on when your own link ends, until its day "
            "or until it is withdrawn."
        ),
        (
            "Een agenda heeft de geplande gesprekken, afspraken met hun datum, doelen, en wat de tijd vanzelf doet; "
            "een tabel heeft de kolommen van de CSV van het portfolio. Wat alleen voor het bureau is, staat erin; "
            "op welke dagen mensen reageerden en wie er bij een gesprek zijn niet. Hij loopt door als je eigen link "
            "eindigt, tot zijn dag of tot hij wordt ingetrokken."
        ),
    ),
    "feeds_fault": ("No feed was made yet:", "Er is nog geen feed gemaakt:"),
    "feeds_stale": (
        "This form has made a feed already, or it is old. Make it once more.",
        "Dit formulier heeft al een feed gemaakt, of het is oud. Maak hem nog een keer.",
    ),
    "feeds_made": (
        "The feed is made. It ends on {day}; a calendar says so in its last {last} days.",
        "De feed is gemaakt. Hij eindigt op {day}; een agenda zegt dat in de laatste {last} dagen.",
    ),
    "feeds_copy": ("The address", "Het adres"),
    "feeds_once": ("copy it now: no list shows it later", "kopieer het nu: geen lijst toont het later"),
    "feeds_use_ics": (
        (
            "Google Calendar: Other calendars, From URL. Outlook: Add calendar, Subscribe from web. "
            "Apple: File, New Calendar Subscription."
        ),
        (
            "Google Agenda: Andere agenda's, Via URL. Outlook: Agenda toevoegen, Abonneren via internet. "
            "Apple: Archief, Nieuw agenda-abonnement."
        ),
    ),
    "feeds_use_csv": (
        "Google Sheets: =IMPORTDATA with the address between quotes. Excel: Data, From Web.",
        "Google Spreadsheets: =IMPORTDATA met het adres tussen aanhalingstekens. Excel: Gegevens, Van het web.",
    ),
    "feeds_held": ("Feeds that have not ended", "Feeds die nog lopen"),
    "feeds_none": ("There are none.", "Er zijn er geen."),
    "feeds_yours": ("those that you have made", "die jij hebt gemaakt"),
    "feeds_everybodys": ("those of everybody", "die van iedereen"),
    "feeds_row": ("made {made}, until {until}", "gemaakt {made}, tot {until}"),
    "feeds_row_by": ("made {made} by {by}, until {until}", "gemaakt {made} door {by}, tot {until}"),
    "feeds_read": ("last read {day} {time}", "laatst gelezen {day} {time}"),
    "feeds_unread": ("never read", "nooit gelezen"),
    "feeds_withdraw": ("Withdraw", "Trek in"),
    "feeds_withdrawn_now": (
        "Withdrawn: its address opens nothing any more.",
        "Ingetrokken: het adres opent niets meer.",
    ),
    "feeds_gone": (
        "There is no such feed among those below.",
        "Zo'n feed staat hieronder niet.",
    ),
    "feeds_many": (
        "Talks and agreements only: what time alone will do is told of at most {most} clients.",
        "Alleen gesprekken en afspraken: wat de tijd vanzelf doet wordt van hoogstens {most} klanten verteld.",
    ),
    "feeds_ending": (
        "This calendar ends on {day}: make another one in OPMM, Portfolio, Feeds",
        "Deze agenda eindigt op {day}: maak een nieuwe in OPMM, Portfolio, Feeds",
    ),
}
