"""What is said of the files people import, English and Dutch side by side."""

from collections.abc import Mapping

IMPORT_TEXTS: Mapping[str, tuple[str, str]] = {
    # a whole file
    "file_is_empty": ("is empty", "is leeg"),
    "file_no_rows": (
        "There is nothing in it to import: below its headings stands no row that is read.",
        "Er staat niets in om te importeren: onder de koppen staat geen rij die wordt gelezen.",
    ),
    "file_is_zip": (
        "is a packed file, not text; a workbook has to be called .xlsx",
        "is een ingepakt bestand en geen tekst; een werkmap moet .xlsx heten",
    ),
    "file_is_xls": (
        "is a workbook of the old form; save it as .xlsx or as CSV UTF-8",
        "is een werkmap in de oude vorm; bewaar die als .xlsx of als CSV UTF-8",
    ),
    "file_is_pdf": ("is a PDF and no table", "is een PDF en geen tabel"),
    "file_is_page": (
        "is a web page or another document, and no table; save it as .xlsx or as CSV UTF-8",
        "is een webpagina of een ander document, en geen tabel; bewaar het als .xlsx of als CSV UTF-8",
    ),
    "file_is_packed": ("is packed; unpack it first", "is ingepakt; pak het eerst uit"),
    "file_no_text": (
        "is no text: it holds bytes that no text has",
        "is geen tekst: er staan bytes in die geen tekst heeft",
    ),
    "file_over": (
        "The file is larger than {most} MB, the most that this page takes. Split it, or use make import.",
        "Het bestand is groter dan {most} MB, het meeste dat deze pagina aanneemt. Splits het, of gebruik make import.",
    ),
    "file_too_large": (
        "has {size} MB; at most {most} MB are taken. Split it.",
        "is {size} MB groot; hooguit {most} MB gaat. Splits het.",
    ),
    "file_many_lines": (
        "has more than {most} lines; split it",
        "heeft meer dan {most} regels; splits het",
    ),
    "file_repeats": (
        "repeats the same identities in more than {most} lines",
        "herhaalt dezelfde identiteiten in meer dan {most} regels",
    ),
    "file_in_cp1252": (
        "It is not UTF-8, and was read as Windows-1252: look at names with accents. In Excel, save as CSV UTF-8.",
        (
            "Het is geen UTF-8, en is gelezen als Windows-1252: kijk naar namen met accenten. Bewaar het in Excel als "
            "CSV UTF-8."
        ),
    ),
    "file_not_taken": (
        "{name} is not taken: files end in {endings}.",
        "{name} doet niet mee: bestanden eindigen op {endings}.",
    ),
    "source_missing": (
        "which source does it come from? Add SOURCE=..., or a column source.",
        "van welke bron komt het? Zeg SOURCE=..., of geef het een kolom source.",
    ),
    "header_twice": ("it has the column {names} twice", "het heeft de kolom {names} twee keer"),
    "header_unknown_one": (
        "its column {names} is not known; columns in [] may be absent:",
        "de kolom {names} is niet bekend; kolommen in [] mogen ontbreken:",
    ),
    "header_unknown": (
        "its columns {names} are not known; columns in [] may be absent:",
        "de kolommen {names} zijn niet bekend; kolommen in [] mogen ontbreken:",
    ),
    "header_missing_one": (
        "the column {names} is missing; columns in [] may be absent:",
        "de kolom {names} ontbreekt; kolommen in [] mogen ontbreken:",
    ),
    "header_missing": (
        "the columns {names} are missing; columns in [] may be absent:",
        "de kolommen {names} ontbreken; kolommen in [] mogen ontbreken:",
    ),
    "header_none_one": (
        "its first line ({count} column) is none of these headers; columns in [] may be absent:",
        "de eerste regel ({count} kolom) is geen van deze koppen; kolommen in [] mogen ontbreken:",
    ),
    "header_none": (
        "its first line ({count} columns) is none of these headers; columns in [] may be absent:",
        "de eerste regel ({count} kolommen) is geen van deze koppen; kolommen in [] mogen ontbreken:",
    ),
    # a line
    "line_not_json": ("is no JSON (from character {place} on)", "is geen JSON (vanaf teken {place})"),
    "line_whole": ("the line", "de regel"),
    "row_quoted": (
        (
            "has a quotation mark that opens a cell and does not close it; is the file whole, and are such marks in a "
            "text doubled?"
        ),
        (
            "heeft een aanhalingsteken dat een cel opent en niet sluit; is het bestand heel, en staan zulke tekens "
            "in een tekst er dubbel?"
        ),
    ),
    "row_too_long": ("is longer than {most} characters", "is langer dan {most} tekens"),
    "row_width_one": (
        "has {count} cell under {columns} columns; is a cell with the delimiter unquoted?",
        "heeft {count} cel onder {columns} kolommen; staat een cel met het scheidingsteken zonder aanhalingstekens?",
    ),
    "row_width": (
        "has {count} cells under {columns} columns; is a cell with the delimiter unquoted?",
        "heeft {count} cellen onder {columns} kolommen; staat een cel met het scheidingsteken zonder aanhalingstekens?",
    ),
    "row_repeated": (
        "stands in other lines, too ({lines}), and says something else there; nobody can tell which is right",
        "staat ook in andere regels ({lines}), en zegt daar iets anders; niemand kan zeggen wat klopt",
    ),
    # a cell
    "cell_not_utf_8": (
        "is not UTF-8 (in Excel, save as CSV UTF-8)",
        "is geen UTF-8 (bewaar het in Excel als CSV UTF-8)",
    ),
    "cell_source": (
        "is missing; SOURCE=... stands in where a line names none",
        "ontbreekt; SOURCE=... geldt waar een regel er geen noemt",
    ),
    "cell_missing": ("is missing", "ontbreekt"),
    "client_nobody": ("a name needs a letter, a digit or a sign", "een naam heeft een letter, cijfer of teken nodig"),
    "client_not_displayable": (
        "a name needs a sign to be seen, and takes no control characters and nothing that turns the direction of text",
        "een naam moet zichtbaar zijn, zonder stuurtekens en zonder tekens die de schrijfrichting omkeren",
    ),
    "client_ambiguous": (
        "several clients are called this; only an id or an alias tells which is meant",
        "meer klanten heten zo; alleen een id of alias zegt welke bedoeld is",
    ),
    "cell_scientific": (
        "is a long number that a spreadsheet has shortened, so that its last digits are lost; export it anew as text",
        (
            "is een lang getal dat een spreadsheet heeft ingekort, zodat de laatste cijfers weg zijn; "
            "exporteer het opnieuw "
            "als tekst"
        ),
    ),
    "cell_count_or_serial": (
        "is a spreadsheet's number for {day} or a count of versions: write a time, or the count as v{digits}",
        (
            "is het getal van een spreadsheet voor {day} of een teller van versies: schrijf een tijd, of de teller als "
            "v{digits}"
        ),
    ),
    "cell_count_or_time": (
        (
            "is a time without dashes or a count of versions: write a time as 2026-11-12T09:30:00Z, or the count as "
            "v{digits}"
        ),
        (
            "is een tijd zonder streepjes of een teller van versies: schrijf een tijd als 2026-11-12T09:30:00Z, of de "
            "teller als v{digits}"
        ),
    ),
    "time_wanted": (
        "must be a time, such as 2026-11-12T09:30:00Z or 12-11-2026 09:30",
        "moet een tijd zijn, zoals 2026-11-12T09:30:00Z of 12-11-2026 09:30",
    ),
    "time_or_day_wanted": (
        "must be a date or a time, such as 2026-11-12, 12-11-2026 or 2026-11-12T09:30:00Z",
        "moet een datum of een tijd zijn, zoals 2026-11-12, 12-11-2026 of 2026-11-12T09:30:00Z",
    ),
    "time_either": (
        (
            "could be two days: nothing in the file tells whether the day or the month comes first. Say DATES=dmy or "
            "DATES=mdy"
        ),
        "kan twee dagen zijn: niets in het bestand zegt of de dag of de maand eerst komt. Zeg DATES=dmy of DATES=mdy",
    ),
    "time_both": (
        "cannot be told: in some lines the day comes first, in others the month. Say DATES=dmy or DATES=mdy",
        "is niet te zeggen: in sommige regels komt de dag eerst, in andere de maand. Zeg DATES=dmy of DATES=mdy",
    ),
    "time_month": (
        "is a month; which day of it?",
        "is een maand; welke dag daarvan?",
    ),
    "time_serial": (
        (
            "is a spreadsheet's number for a day ({day}, or four years later in old files of a Mac): "
            "format the column as "
            "a date"
        ),
        (
            "is het getal van een spreadsheet voor een dag ({day}, of vier jaar later in oude "
            "bestanden van een Mac): geef "
            "de kolom de opmaak van een datum"
        ),
    ),
    "time_digits": ("is a number and no time", "is een getal en geen tijd"),
    "time_none": ("is no time of the calendar", "is geen tijd van de kalender"),
    # notes
    "note_zone_one": (
        "{count} time has no zone, and was read as one of {zone}: ZONE= says otherwise.",
        "{count} tijd heeft geen zone, en is gelezen als een van {zone}: met ZONE= wordt het een andere.",
    ),
    "note_zone": (
        "{count} times have no zone, and were read as those of {zone}: ZONE= says otherwise.",
        "{count} tijden hebben geen zone, en zijn gelezen als die van {zone}: met ZONE= wordt het een andere.",
    ),
    "note_days_one": (
        "{count} day stands for a time, and was read as its beginning ({zone}).",
        "{count} dag staat voor een tijd, en is gelezen als het begin ervan ({zone}).",
    ),
    "note_days": (
        "{count} days stand for times, and were read as their beginnings ({zone}).",
        "{count} dagen staan voor tijden, en zijn gelezen als het begin ervan ({zone}).",
    ),
    "note_dmy": (
        "Dates were read with the day first, as some of them can only be read so.",
        "Datums zijn gelezen met de dag eerst, omdat sommige alleen zo te lezen zijn.",
    ),
    "note_mdy": (
        "Dates were read with the month first, as some of them can only be read so.",
        "Datums zijn gelezen met de maand eerst, omdat sommige alleen zo te lezen zijn.",
    ),
    # what became of it
    "import_lines_one": ("{count} line: {statuses}.", "{count} regel: {statuses}."),
    "import_lines": ("{count} lines: {statuses}.", "{count} regels: {statuses}."),
    "status_good": ("good", "goed"),
    "status_bad": ("bad", "fout"),
    "status_accepted": ("accepted", "opgenomen"),
    "status_duplicate": ("duplicate", "al bekend"),
    "status_superseded": ("superseded", "niet nieuwer dan bekend"),
    "status_rejected": ("rejected", "geweigerd"),
    "import_none": ("none", "geen"),
    "import_nothing_sent": ("Nothing was sent.", "Er is niets verstuurd."),
    "import_clients_unknown": (
        "Which clients are new, or would be joined, is not told: no stack was asked.",
        "Welke klanten nieuw zijn, of samengevoegd zouden worden, is niet te zeggen: er is geen stack gevraagd.",
    ),
    "import_makes_one": ("Made {count} new client: {clients}", "{count} nieuwe klant: {clients}"),
    "import_makes": ("Made {count} new clients: {clients}", "{count} nieuwe klanten: {clients}"),
    "import_makes_would_one": ("Would make {count} new client: {clients}", "Zou {count} nieuwe klant maken: {clients}"),
    "import_makes_would": ("Would make {count} new clients: {clients}", "Zou {count} nieuwe klanten maken: {clients}"),
    "import_joins_one": (
        "Joined to others {count} described client: {clients}",
        "{count} beschreven klant is samengevoegd met een andere: {clients}",
    ),
    "import_joins": (
        "Joined to others {count} described clients: {clients}",
        "{count} beschreven klanten zijn samengevoegd met andere: {clients}",
    ),
    "import_joins_would_one": (
        "Would join to others {count} described client: {clients}",
        "Zou {count} beschreven klant samenvoegen met een andere: {clients}",
    ),
    "import_joins_would": (
        "Would join to others {count} described clients: {clients}",
        "Zou {count} beschreven klanten samenvoegen met andere: {clients}",
    ),
    # maps
    "map_too_long": ("the map is longer than {most} bytes", "de map is langer dan {most} bytes"),
    "map_faults": ("the map cannot be used: {faults}", "de map is niet te gebruiken: {faults}"),
    "map_not_json": ("the map is not JSON: {error}", "de map is geen JSON: {error}"),
    "map_unknown": (
        "{name} is no map: there are {known}, or a file that ends in .json",
        "{name} is geen map: er zijn {known}, of een bestand dat op .json eindigt",
    ),
    "map_unlike": (
        "it is no export as the map {name} knows it: that has the columns {headings}",
        "het is geen export zoals de map {name} die kent: die heeft de kolommen {headings}",
    ),
    "map_missing_one": (
        "no column was found for {columns}; there are: {headings}. Name it in a map of your own (MAP=own.json)",
        "er is geen kolom gevonden voor {columns}; er zijn: {headings}. Noem die in een eigen map (MAP=own.json)",
    ),
    "map_missing": (
        "no columns were found for {columns}; there are: {headings}. Name them in a map of your own (MAP=own.json)",
        "er zijn geen kolommen gevonden voor {columns}; er zijn: {headings}. Noem die in een eigen map (MAP=own.json)",
    ),
    "map_several": (
        "several columns may be {column}: {headings}. Name it in a map of your own (MAP=own.json)",
        "meer kolommen kunnen {column} zijn: {headings}. Noem die in een eigen map (MAP=own.json)",
    ),
    "map_read": ("is read as {kind}, by the map {name}:", "wordt gelezen als {kind}, met de map {name}:"),
    "map_any": ("is read as {kind}, as its columns suggest:", "wordt gelezen als {kind}, zoals de kolommen aangeven:"),
    "map_left_out": ("Left out: {headings}", "Niet gelezen: {headings}"),
    "map_left_out_none": ("No column is left out.", "Alle kolommen worden gelezen."),
    "map_rows": ("The first rows as they are read:", "De eerste rijen zoals ze worden gelezen:"),
    "map_rows_in": (
        "The first rows as they are read, times by the clocks of {zone}:",
        "De eerste rijen zoals ze worden gelezen, tijden volgens de klok van {zone}:",
    ),
    "kind_responses": ("responses", "reacties"),
    "kind_counts": ("head counts", "aantallen consultants"),
    "kind_surveys": ("surveys", "enquêtes"),
    "map_ask": ("Import it so?", "Zo importeren?"),
    "map_go_on": (
        "Nothing was sent. YES=1 imports it so; MAP= names another map, SAVE=name.json keeps this one.",
        "Er is niets verstuurd. YES=1 importeert het zo; MAP= noemt een andere map, SAVE=naam.json bewaart deze.",
    ),
    "map_saved": ("The map is kept in {file}.", "De map is bewaard in {file}."),
    "note_left_out_one": (
        "{count} row is left out: without a rating, unfinished, or of another sort of survey.",
        "{count} rij wordt overgeslagen: zonder cijfer, niet afgemaakt, of van een ander soort enquête.",
    ),
    "note_left_out": (
        "{count} rows are left out: without a rating, unfinished, or of another sort of survey.",
        "{count} rijen worden overgeslagen: zonder cijfer, niet afgemaakt, of van een ander soort enquête.",
    ),
    # workbooks
    "book_too_large": ("is larger than {most} MB", "is groter dan {most} MB"),
    "book_unreadable": (
        "is no workbook that can be read: it is damaged, or packed as none is. Save it anew as .xlsx",
        "is geen werkmap die te lezen is: die is beschadigd of ongewoon ingepakt. Bewaar het opnieuw als .xlsx",
    ),
    "book_is_none": (
        "is a packed file, but no workbook: save it as .xlsx",
        "is een ingepakt bestand, maar geen werkmap: bewaar het als .xlsx",
    ),
    "book_unpacks": (
        "would unpack to {size} MB or to far more than it is; at most {most} MB are taken",
        "wordt uitgepakt {size} MB of veel groter dan het is; hooguit {most} MB gaat",
    ),
    "book_locked": ("is locked with a password", "is beveiligd met een wachtwoord"),
    "book_wide": (
        "reaches to row {rows} and column {columns}: clear what stands far away from the table",
        "loopt tot rij {rows} en kolom {columns}: maak leeg wat ver van de tabel staat",
    ),
    "book_full": (
        "holds more text than is taken of a workbook: save it as CSV UTF-8",
        "bevat meer tekst dan van een werkmap gaat: bewaar het als CSV UTF-8",
    ),
    "book_hidden": ("Hidden sheets are not read: {sheets}", "Verborgen bladen worden niet gelezen: {sheets}"),
    "book_skipped": (
        "The sheet {sheet} is not read: it has no row of headings that is known.",
        "Het blad {sheet} wordt niet gelezen: het heeft geen rij met koppen die bekend is.",
    ),
    # an agency's own sheet
    "sheet_read": ("is read as a sheet with a row for each client:", "wordt gelezen als blad met een rij per klant:"),
    "sheet_day": ("the sheet", "het blad"),
    "sheet_not_saved": (
        (
            "It does not tell when it was saved: of two sheets of one day the corrected one may not be the one that "
            "counts. Save what you correct as .xlsx, which tells."
        ),
        (
            "Het zegt niet wanneer het is bewaard: van twee bladen van een dag telt misschien niet het verbeterde. "
            "Bewaar wat je verbetert als .xlsx, dat zegt het wel."
        ),
    ),
    "sheet_band": ("{cell} (a row of the table; counts as {value})", "{cell} (een rij van de tabel; telt als {value})"),
    "sheet_no_answer": (
        "is no number that fits and no row of the table: {rows}",
        "is geen passend getal en geen rij van de tabel: {rows}",
    ),
    "sheet_percent": (
        "is a figure or a percentage: write {percent} for {percent} %, as an NPS is no fraction",
        "is een cijfer of een percentage: schrijf {percent} voor {percent} %, want een NPS is geen breuk",
    ),
    "sheet_total_unread": (
        "{client}: the total {cell} is no number of points, and was not compared",
        "{client}: het totaal {cell} is geen aantal punten, en is niet vergeleken",
    ),
    "sheet_no_day": (
        "is missing, and nothing else tells the day: say DATE=2026-11-01",
        "ontbreekt, en niets anders zegt de dag: zeg DATE=2026-11-01",
    ),
    "sheet_which_day": (
        "nothing tells of which day it is: say DATE=2026-11-01",
        "niets zegt van welke dag het is: zeg DATE=2026-11-01",
    ),
    "sheet_several_days": (
        "nothing tells of which days the sheets {sheets} are, and DATE= can be that of one only",
        "niets zegt van welke dagen de bladen {sheets} zijn, en DATE= kan maar die van een zijn",
    ),
    "sheet_day_of_name": ("It is of {day}, as the sheet is called.", "Het is van {day}, zoals het blad heet."),
    "sheet_day_above": ("It is of {day}, as stands above the table.", "Het is van {day}, zoals boven de tabel staat."),
    "sheet_differs": (
        "{client}: the sheet says {sheet}, the answers give {total}: {parts}",
        "{client}: het blad zegt {sheet}, de antwoorden geven {total}: {parts}",
    ),
    "sheet_points": ("{question} {cell} is {points}", "{question} {cell} is {points}"),
    "sheet_points_differ": (
        "{question} {cell} is {points} points, the sheet counts {sheet}",
        "{question} {cell} is {points} punten, het blad telt {sheet}",
    ),
    "sheet_not_answered": ("{question} is not answered", "{question} is niet beantwoord"),
    # what the service refuses though the line is right
    "refused_403": (
        "the token does not grant the source or the client of this line",
        "het token geldt niet voor de bron of de klant van deze regel",
    ),
    "refused_409": (
        "its versions are known by their times and this one by a count, or the other way round: keep to one of them",
        "de versies zijn bekend met een tijd en deze met een teller, of andersom: houd je aan een van de twee",
    ),
    "superseded_hint": (
        (
            "What is not newer than what is known changes nothing. A correction counts when it tells a later time: "
            "updated_at or recorded_at, or when the workbook was saved."
        ),
        (
            "Wat niet nieuwer is dan wat bekend is, verandert niets. Een verbetering telt als die een later tijdstip "
            "zegt: updated_at of recorded_at, of wanneer de werkmap is bewaard."
        ),
    ),
    # responses that would count twice
    "twice_configured": (
        "Responses of this tool come in as {other}; as {source} they would count a second time.",
        "Reacties uit deze tool komen binnen als {other}; als {source} tellen ze een tweede keer.",
    ),
    "twice_known_one": (
        "{count} of {looked} responses is known already from {other}; as {source} it would count a second time.",
        "{count} van {looked} reacties is al bekend van {other}; als {source} telt die een tweede keer.",
    ),
    "twice_known": (
        "{count} of {looked} responses are known already from {other}; as {source} they would count a second time.",
        "{count} van {looked} reacties zijn al bekend van {other}; als {source} tellen ze een tweede keer.",
    ),
    "twice_go_on": (
        "Nothing was sent. Say SOURCE= with the name they have, or ALSO=1 to send them all the same.",
        "Er is niets verstuurd. Zeg SOURCE= met de naam die ze hebben, of ALSO=1 om ze toch te versturen.",
    ),
    "map_own": ("It has our own columns, of {kind}.", "Het heeft onze eigen kolommen, van {kind}."),
    # in the browser
    "import_title": ("Import a file", "Een bestand importeren"),
    "import_lead": (
        (
            "Responses, head counts, surveys, or your own sheet with a row for each client. You look first; nothing is "
            "kept until you import it."
        ),
        (
            "Reacties, aantallen, enquêtes, of je eigen blad met een rij per klant. Je kijkt eerst; niets wordt "
            "bewaard tot je het importeert."
        ),
    ),
    "import_file": ("File", "Bestand"),
    "import_file_hint": (
        "(.csv or .xlsx, at most 1 MB; addresses of people are left out here)",
        "(.csv of .xlsx, hooguit 1 MB; adressen van mensen blijven hier weg)",
    ),
    "import_file_kept": (
        "({name} is kept; choose another one in its place)",
        "({name} blijft staan; kies een ander in plaats daarvan)",
    ),
    "import_source": ("Where it comes from", "Waar het vandaan komt"),
    "import_source_hint": (
        "(the name of the source, as its webhook has it: nps)",
        "(de naam van de bron, zoals die van de webhook: nps)",
    ),
    "import_dates": ("Dates such as 1-11-2026", "Datums zoals 1-11-2026"),
    "import_dates_file": ("as the file tells", "zoals het bestand zegt"),
    "import_dates_dmy": ("day first", "dag eerst"),
    "import_dates_mdy": ("month first", "maand eerst"),
    "import_day": ("Day of the sheet", "Dag van het blad"),
    "import_day_hint": ("(where it does not say so itself)", "(als het dat zelf niet zegt)"),
    "import_look": ("Look how it is read", "Kijk hoe het wordt gelezen"),
    "import_no_file": ("Choose a file first.", "Kies eerst een bestand."),
    "import_now": ("Import it so", "Zo importeren"),
    "import_all_the_same": ("Import it all the same", "Toch importeren"),
    "import_other": ("Another file", "Een ander bestand"),
    "import_on": ("Go on", "Ga verder"),
    "import_done": ("Done: {counts}.", "Klaar: {counts}."),
    "import_so_far": ("So far: {counts}. There is more.", "Tot nu toe: {counts}. Er is meer."),
    "import_faults": ("What was refused, and why", "Wat is geweigerd, en waarom"),
    "import_accepted": ("{count} accepted", "{count} opgenomen"),
    "import_duplicate": ("{count} known already", "{count} al bekend"),
    "import_superseded": ("{count} not newer than what is known", "{count} niet nieuwer dan wat bekend is"),
    "import_refused": ("{count} refused", "{count} geweigerd"),
    "import_without": ("{count} for admins only", "{count} alleen voor beheerders"),
    # the same where a page asks: it has fields for what a command takes
    "sheet_read_page": (
        "It is read as a sheet with a row for each client.",
        "Het wordt gelezen als blad met een rij per klant.",
    ),
    "sheet_day_page": ("Day of the sheet", "Dag van het blad"),
    "map_read_page": ("It is read as {kind}, by the map {name}.", "Het wordt gelezen als {kind}, met de map {name}."),
    "map_any_page": (
        "It is read as {kind}, as its columns suggest.",
        "Het wordt gelezen als {kind}, zoals de kolommen aangeven.",
    ),
    "refused_403_page": (
        "you may not import for the source or the client of this line",
        "je mag niet importeren voor de bron of de klant van deze regel",
    ),
    "source_missing_page": ("say where it comes from", "zeg waar het vandaan komt"),
    "cell_source_page": ("is missing", "ontbreekt"),
    "time_either_page": (
        "could be two days: nothing in the file tells if the day or the month comes first. Choose it with the file",
        "kan twee dagen zijn: niets in het bestand zegt of de dag of de maand eerst komt. Kies dat bij het bestand",
    ),
    "time_both_page": (
        "cannot be told: in some lines the day comes first, in others the month. Choose it with the file",
        "is niet te zeggen: in sommige regels komt de dag eerst, in andere de maand. Kies dat bij het bestand",
    ),
    "note_zone_one_page": (
        "{count} time has no zone, and was read as one of {zone}.",
        "{count} tijd heeft geen zone, en is gelezen als een van {zone}.",
    ),
    "note_zone_page": (
        "{count} times have no zone, and were read as those of {zone}.",
        "{count} tijden hebben geen zone, en zijn gelezen als die van {zone}.",
    ),
    "sheet_no_day_page": (
        "is missing, and nothing else tells the day: choose it with the file",
        "ontbreekt, en niets anders zegt de dag: kies die bij het bestand",
    ),
    "sheet_which_day_page": (
        "nothing tells of which day it is: choose the day with the file",
        "niets zegt van welke dag het is: kies de dag bij het bestand",
    ),
    "sheet_several_days_page": (
        "nothing tells of which days the sheets {sheets} are, and one day can be that of one only",
        "niets zegt van welke dagen de bladen {sheets} zijn, en een dag kan maar die van een zijn",
    ),
    "map_missing_one_page": (
        "no column was found for {columns}; there are: {headings}. Call one of them so",
        "er is geen kolom gevonden voor {columns}; er zijn: {headings}. Noem er een zo",
    ),
    "map_missing_page": (
        "no columns were found for {columns}; there are: {headings}. Call some of them so",
        "er zijn geen kolommen gevonden voor {columns}; er zijn: {headings}. Noem er een paar zo",
    ),
    "map_several_page": (
        "several columns may be {column}: {headings}. Call one of them so",
        "meer kolommen kunnen {column} zijn: {headings}. Noem er een zo",
    ),
}
