"""Files nobody should have to read, made by code: for the places where files come in.

Each is a name that says what is odd about it, and its bytes. A name that begins with "read" holds
something that can be kept, all or in part; every other is refused as a whole.
"""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from PIL import Image

Made = Callable[[], bytes]
Corpus = dict[str, tuple[str, Made]]

MEGABYTE = 1024 * 1024
FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", '=HYPERLINK("x","y")', "＝1+1")
ENTITY = """<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<Project xmlns="http://schemas.microsoft.com/project"><Title>&x;</Title></Project>"""
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]><Project><Title>&m;</Title></Project>"
)
REMOTE = '<?xml version="1.0"?><!DOCTYPE Project SYSTEM "http://127.0.0.1:1/x.dtd"><Project/>'


# --- archives -------------------------------------------------------------------------------


def zipped(members: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return whole.getvalue()


CONTENT_TYPES = b"""<?xml version="1.0"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/>
<Default Extension="rels"
 ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/sharedStrings.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
</Types>"""
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
KIND = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def workbook(sheet: bytes, *, strings: bytes = b"", props: bytes = b"", **extra: bytes) -> bytes:
    """An Excel workbook of one sheet, from the XML of its rows and of its shared strings."""
    main = b"<workbook " + MAIN + b" " + LINKS + b">" + props
    main += b'<sheets><sheet name="Plan" sheetId="1" r:id="rId1"/></sheets></workbook>'
    relations = RELATIONS + b'<Relationship Id="rId1" Type="' + KIND
    relations += b'worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="'
    relations += KIND + b'sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    top = RELATIONS + b'<Relationship Id="rId1" Type="' + KIND
    top += b'officeDocument" Target="xl/workbook.xml"/></Relationships>'
    return zipped(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "_rels/.rels": top,
            "xl/workbook.xml": main,
            "xl/_rels/workbook.xml.rels": relations,
            "xl/sharedStrings.xml": b"<sst " + MAIN + b">" + strings + b"</sst>",
            "xl/worksheets/sheet1.xml": b"<worksheet "
            + MAIN
            + b"><sheetData>"
            + sheet
            + b"</sheetData></worksheet>",
        }
        | extra
    )


def row(number: int, *cells: str | float) -> bytes:
    text = "".join(
        f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
        if isinstance(cell, str)
        else f"<c><v>{cell}</v></c>"
        for cell in cells
    )
    return f'<row r="{number}">{text}</row>'.encode()


PLAN_HEAD = row(1, "id", "name", "duration")
PLAN_ROWS = PLAN_HEAD + row(2, "1", "Begin", "2d") + row(3, "2", "End", "3d")


def lying(content: bytes, size: int) -> bytes:
    """An archive whose directory says its members are of another size than they are."""
    changed = bytearray(content)
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = changed.find(mark)
        while at != -1:
            struct.pack_into("<I", changed, at + place, size)
            at = changed.find(mark, at + 4)
    return bytes(changed)


def locked() -> bytes:
    """With the mark of an encrypted member."""
    changed = bytearray(workbook(PLAN_ROWS))
    at = changed.find(b"PK\x01\x02")
    while at != -1:
        changed[at + 8] |= 1
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def repeated(piece: bytes, size: int) -> bytes:
    return piece * (size // len(piece))


# --- customers and engagements ----------------------------------------------------------------

HEADING = b"external_id,name,seats\n"


def customers() -> Iterator[tuple[str, Made]]:
    plain = HEADING + b"a,A,1\n"
    yield "read: a byte-order mark", lambda: b"\xef\xbb\xbf" + plain
    yield (
        "read: semicolons and line ends of Windows",
        lambda: plain.replace(b",", b";").replace(b"\n", b"\r\n"),
    )
    yield (
        "read: formulas as names",
        lambda: (
            HEADING
            + "".join(
                f'f{n},"{text.replace(chr(34), chr(34) * 2)}",1\n'
                for n, text in enumerate(FORMULAS)
            ).encode()
        ),
    )
    yield "read: line ends of an old Mac", lambda: plain.replace(b"\n", b"\r")
    yield "nothing", lambda: b""
    yield "white space", lambda: b" \n\r\n\t\n"
    yield "a heading alone that nobody knows", lambda: b"what,is,this\n"
    yield "read: UTF-16 with its mark", lambda: plain.decode().encode("utf-16")
    yield "UTF-16 that breaks off", lambda: plain.decode().encode("utf-16")[:-1]
    yield "UTF-16 without one", lambda: plain.decode().encode("utf-16-le")
    yield "Latin-1", lambda: HEADING + "a,Käse,1\n".encode("latin-1")
    yield "a NUL in the heading", lambda: b"external_id,na\0me\na,A\n"
    yield "a NUL in a row", lambda: HEADING + b"a,A\0B,1\n"
    yield "quotes that never close", lambda: HEADING + b'a,"A,1\n' + b"b,B,1\n" * 20_000
    yield "one line of 10 MB", lambda: HEADING + b"a," + b"x" * 10 * MEGABYTE + b",1\n"
    yield "a heading of 10 MB", lambda: b"x" * 10 * MEGABYTE
    yield "a million columns", lambda: b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n"
    yield "a million columns of one name", lambda: b"external_id," * 1_000_000 + b"\n"
    yield "a million empty columns", lambda: b"," * 1_000_000 + b"\n"
    yield "the same column twice", lambda: b"external_id,name,name\na,A,B\n"
    yield "more cells than columns", lambda: HEADING + b"a,A,1,2,3\n"
    yield (
        "more than 50,000 rows",
        lambda: HEADING + b"".join(b"r%d,R,1\n" % n for n in range(50_100)),
    )
    yield "more than 20 MB", lambda: HEADING + b"a,A,1\n" * 4_000_000
    yield "seats that are no number", lambda: HEADING + b"a,A,many\nb,B,-1\nc,C,1e9\n"
    yield "seats beyond any number", lambda: HEADING + b"a,A," + b"9" * 400 + b"\n"
    yield "a date of another calendar", lambda: b"external_id,renewal_date\na,31/02/2026\n"
    yield "a date before all others", lambda: b"external_id,renewal_date\na,0000-00-00\n"
    yield "read: a workbook by the name of CSV", lambda: workbook(PLAN_ROWS)
    yield "a picture", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50
    yield "gzip", lambda: gzip.compress(plain)
    yield "names longer than any field", lambda: HEADING + b"a," + b"n" * 5_000 + b",1\n"
    yield "a name that is a surrogate", lambda: HEADING + b"a,\xed\xa0\x80,1\n"


TABLE_HEAD = row(1, "external_id", "name", "renewal_date")
TABLE_ROWS = TABLE_HEAD + row(2, "a", "A", "2027-03-01")
# A day as Excel counts it, in the second of two styles.
STYLES = b"""<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"""
SHEET_ENTITY = ENTITY.replace("Project", "worksheet").replace("Title", "sheetData")


def day_counted(props: bytes) -> bytes:
    """A row whose day is a number that only its style and the workbook's epoch make a day."""
    cells = b'<row r="2"><c t="inlineStr"><is><t>a</t></is></c><c/><c s="1"><v>45000</v></c></row>'
    return workbook(TABLE_HEAD + cells, props=props, **{"xl/styles.xml": STYLES})


def workbooks() -> Iterator[tuple[str, Made]]:
    """For the places where a table may come as a workbook."""
    yield "read: a workbook.xlsx", lambda: workbook(TABLE_ROWS)
    yield "read: a workbook by another name.txt", lambda: workbook(TABLE_ROWS)
    yield "read: a CSV file by the name of.xlsx", lambda: HEADING + b"a,A,1\n"
    yield (
        "read: with macros, which are left alone.xlsm",
        lambda: workbook(TABLE_ROWS, **{"xl/vbaProject.bin": bytes(range(256)) * 400}),
    )
    yield "read: days counted from 1900.xlsx", lambda: day_counted(b"")
    yield "read: days counted from 1904.xlsx", lambda: day_counted(b'<workbookPr date1904="1"/>')
    yield (
        "read: formulas as names.xlsx",
        lambda: workbook(
            TABLE_HEAD
            + b"".join(
                row(n, f"f{n}", text.replace('"', "'")) for n, text in enumerate(FORMULAS, 2)
            )
        ),
    )
    yield (
        "read: many strings.xlsx",
        lambda: workbook(
            TABLE_ROWS, strings=b"".join(b"<si><t>%d</t></si>" % n for n in range(100_000))
        ),
    )
    yield "no row.xlsx", lambda: workbook(TABLE_HEAD)
    yield "nothing.xlsx", lambda: workbook(b"")
    yield (
        "a number where a day should be.xlsx",
        lambda: workbook(TABLE_HEAD + row(2, "a", "A", 45000.5)),
    )
    yield "a bomb of one letter.xlsx", lambda: zipped({"x": b"0" * 190 * MEGABYTE})
    yield (
        "a bomb of rows.xlsx",
        lambda: workbook(TABLE_HEAD + repeated(row(2, "a", "A"), 150 * MEGABYTE)),
    )
    yield (
        "a bomb of shared strings.xlsx",
        lambda: workbook(TABLE_ROWS, strings=repeated(b"<si><t>a</t></si>", 150 * MEGABYTE)),
    )
    yield (
        "more strings than fit.xlsx",
        lambda: workbook(
            TABLE_ROWS, strings=b"".join(b"<si><t>%d</t></si>" % n for n in range(2_000_000))
        ),
    )
    yield (
        "more rows than a table has.xlsx",
        lambda: workbook(TABLE_HEAD + b"".join(row(n, str(n), "A") for n in range(2, 50_100))),
    )
    yield (
        "more cells than a table has.xlsx",
        lambda: workbook(
            row(1, "external_id", *(f"c{n}" for n in range(190)))
            + b"".join(row(n, str(n), *range(190)) for n in range(2, 12_000))
        ),
    )
    yield (
        "a part as large as the rows.xlsx",
        lambda: workbook(
            TABLE_ROWS, props=b"<x/>" + b"".join(b"<y z='%d'/>" % n for n in range(300_000))
        ),
    )
    yield "many members.xlsx", lambda: zipped({f"xl/{n}.xml": b"" for n in range(5_000)})
    yield (
        "a workbook inside a workbook.xlsx",
        lambda: zipped(
            {"xl/inner.xlsx": workbook(TABLE_ROWS), "xl/deep.zip": zipped({"x": b"0" * MEGABYTE})}
        ),
    )
    yield (
        "sizes that say too little.xlsx",
        lambda: lying(workbook(TABLE_HEAD + repeated(row(2, "a", "A"), 20 * MEGABYTE)), 100),
    )
    yield "sizes that say too much.xlsx", lambda: lying(workbook(TABLE_ROWS), 0xFFFFFFF0)
    yield "members that are locked.xlsx", locked
    yield (
        "an entity in the rows.xlsx",
        lambda: workbook(TABLE_ROWS, **{"xl/worksheets/sheet1.xml": SHEET_ENTITY.encode()}),
    )
    yield (
        "laughs in the rows.xlsx",
        lambda: workbook(
            TABLE_ROWS,
            **{"xl/worksheets/sheet1.xml": LAUGHS.replace("Project", "worksheet").encode()},
        ),
    )
    yield (
        "laughs in the strings.xlsx",
        lambda: workbook(
            TABLE_ROWS, **{"xl/sharedStrings.xml": LAUGHS.replace("Project", "sst").encode()}
        ),
    )
    yield "a path that leads out.xlsx", lambda: zipped({"../../etc/cron.d/x": b"x"})
    yield "an archive of nothing.xlsx", lambda: zipped({})
    yield "an archive cut off.xlsx", lambda: workbook(TABLE_ROWS)[:-200]
    yield "a row number beyond the sheet.xlsx", lambda: workbook(row(2**40, "external_id"))
    yield (
        "a million columns.xlsx",
        lambda: workbook(b'<row r="1">' + b"<c><v>1</v></c>" * 1_000_000 + b"</row>"),
    )
    yield "an old binary workbook.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000)
    yield "a picture by the name of.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50
    yield "more than 20 MB.xlsx", lambda: b"PK\x03\x04" + bytes(21 * MEGABYTE)


# --- plans ------------------------------------------------------------------------------------


def project(tasks: str, start: str = "2026-01-05T08:00:00") -> bytes:
    return (
        '<?xml version="1.0"?><Project xmlns="http://schemas.microsoft.com/project">'
        f"<StartDate>{start}</StartDate><Tasks>{tasks}</Tasks></Project>"
    ).encode()


def task(uid: int, *links: int) -> str:
    before = "".join(
        f"<PredecessorLink><PredecessorUID>{n}</PredecessorUID><Type>1</Type></PredecessorLink>"
        for n in links
    )
    return (
        f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>T{uid}</Name><OutlineLevel>1</OutlineLevel>"
        f"<Duration>PT8H0M0S</Duration>{before}</Task>"
    )


PLAN = b"id,name,duration,predecessors\n"


def plans() -> Iterator[tuple[str, Made]]:
    yield "read: a workbook.xlsx", lambda: workbook(PLAN_ROWS)
    yield "read: a workbook by the name of.csv", lambda: workbook(PLAN_ROWS)
    yield "read: dates counted from 1904.xlsx", lambda: dated(b'<workbookPr date1904="1"/>')
    yield "read: dates counted from 1900.xlsx", lambda: dated(b"")
    yield "read: UTF-16 with its mark.csv", lambda: (PLAN + b"1,A,1d,\n").decode().encode("utf-16")
    yield (
        "read: formulas as names.csv",
        lambda: (
            PLAN
            + "".join(
                f'{n},"{text.replace(chr(34), chr(34) * 2)}",1d,\n'
                for n, text in enumerate(FORMULAS)
            ).encode()
        ),
    )
    yield "read: Project XML.xml", lambda: project(task(1) + task(2, 1))
    yield "an entity of another file.xml", ENTITY.encode
    yield "a billion laughs.xml", LAUGHS.encode
    yield "a document type from elsewhere.xml", REMOTE.encode
    yield (
        "an entity in UTF-16.xml",
        lambda: ENTITY.replace('<?xml version="1.0"?>', "").encode("utf-16"),
    )
    yield "a loop.xml", lambda: project(task(1, 2) + task(2, 1))
    yield "a loop of one.xml", lambda: project(task(1, 1))
    yield "a link to nowhere.csv", lambda: PLAN + b"1,A,1d,99\n"
    yield "a start in the year 9999.xml", lambda: project(task(1), "9999-12-31T23:00:00")
    yield "cut off.xml", lambda: project(task(1))[:200]
    yield "nested a thousand deep.xml", lambda: b"<Project>" + b"<a>" * 1000 + b"</a>" * 1000
    yield (
        "a million letters in a field.xml",
        lambda: project(f"<Task><UID>1</UID><Name>{'x' * 1_100_000}</Name></Task>"),
    )
    yield (
        "attributes by the hundred thousand.xml",
        lambda: ("<Project " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>").encode(),
    )
    yield "another document.xml", lambda: b"<html><body>hello</body></html>"
    yield (
        "an encoding nobody has.xml",
        lambda: b'<?xml version="1.0" encoding="klingon"?><Project/>',
    )
    yield "nothing.xml", lambda: b""
    yield "a bomb of one letter.xlsx", lambda: zipped({"x": b"0" * 190 * MEGABYTE})
    yield (
        "a bomb of rows.xlsx",
        lambda: workbook(PLAN_HEAD + repeated(row(2, "1", "A", "1d"), 150 * MEGABYTE)),
    )
    yield (
        "as many strings as fit.xlsx",
        lambda: workbook(
            PLAN_ROWS, strings=b"".join(b"<si><t>%d</t></si>" % n for n in range(2_000_000))
        ),
    )
    yield (
        "read: many strings.xlsx",
        lambda: workbook(
            PLAN_ROWS, strings=b"".join(b"<si><t>%d</t></si>" % n for n in range(100_000))
        ),
    )
    yield (
        "more rows than a plan has.xlsx",
        lambda: workbook(
            PLAN_HEAD + b"".join(row(n, str(n), "A", "1d") for n in range(2, 100_100))
        ),
    )
    yield (
        "read: as many cells as fit.xlsx",
        lambda: workbook(
            PLAN_HEAD + b"".join(row(n, str(n), "A", "1d", *range(190)) for n in range(2, 2_000))
        ),
    )
    yield (
        "a part as large as the rows.xlsx",
        lambda: workbook(
            PLAN_ROWS, props=b"<x/>" + b"".join(b"<y z='%d'/>" % n for n in range(300_000))
        ),
    )
    yield (
        "a bomb of shared strings.xlsx",
        lambda: workbook(PLAN_ROWS, strings=repeated(b"<si><t>a</t></si>", 150 * MEGABYTE)),
    )
    yield "many members.xlsx", lambda: zipped({f"xl/{n}.xml": b"" for n in range(5_000)})
    yield (
        "a workbook inside a workbook.xlsx",
        lambda: zipped(
            {"xl/inner.xlsx": workbook(PLAN_ROWS), "xl/deep.zip": zipped({"x": b"0" * MEGABYTE})}
        ),
    )
    yield (
        "sizes that say too little.xlsx",
        lambda: lying(workbook(PLAN_HEAD + repeated(row(2, "1", "A", "1d"), 20 * MEGABYTE)), 100),
    )
    yield "sizes that say too much.xlsx", lambda: lying(workbook(PLAN_ROWS), 0xFFFFFFF0)
    yield "members that are locked.xlsx", locked
    yield (
        "an entity inside.xlsx",
        lambda: workbook(
            PLAN_ROWS, strings=b"<si><t>x</t></si>", **{"xl/sharedStrings.xml": ENTITY.encode()}
        ),
    )
    yield (
        "laughs inside.xlsx",
        lambda: workbook(
            PLAN_ROWS,
            **{"xl/worksheets/sheet1.xml": LAUGHS.replace("Project", "worksheet").encode()},
        ),
    )
    yield "a path that leads out.xlsx", lambda: zipped({"../../etc/cron.d/x": b"x"})
    yield "an archive of nothing.xlsx", lambda: zipped({})
    yield "an archive cut off.xlsx", lambda: workbook(PLAN_ROWS)[:-200]
    yield "a row number beyond the sheet.xlsx", lambda: workbook(row(2**40, "id", "name"))
    yield (
        "a million columns.xlsx",
        lambda: workbook(b'<row r="1">' + b"<c><v>1</v></c>" * 1_000_000 + b"</row>"),
    )
    yield (
        "numbers that are none.xlsx",
        lambda: workbook(
            PLAN_HEAD + b'<row r="2"><c><v>1e999</v></c><c><v>x</v></c><c><v>nan</v></c></row>'
        ),
    )
    yield "an old binary workbook.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000)
    yield "a picture by the name of.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50
    yield "quotes that never close.csv", lambda: PLAN + b'1,"A,1d,\n' + b"2,B,1d,\n" * 20_000
    yield "one line of 10 MB.csv", lambda: PLAN + b"1," + b"x" * 10 * MEGABYTE + b",1d,\n"
    yield "a million columns.csv", lambda: b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n"
    yield "a million columns of one name.csv", lambda: b"id," * 1_000_000 + b"name,duration\n"
    yield "a NUL.csv", lambda: PLAN + b"1,A\0,1d,\n"
    yield "durations without end.csv", lambda: PLAN + b"1,A," + b"9" * 300 + b"d,\n"
    yield "the same id twice.csv", lambda: PLAN + b"1,A,1d,\n1,B,1d,\n"


def dated(props: bytes) -> bytes:
    head = row(1, "id", "name", "duration", "constraint", "constraint_date")
    return workbook(head + row(2, "1", "A", "1d", "SNET", "2026-05-01"), props=props)


# --- usage logs -------------------------------------------------------------------------------

LOG = b"message_id,timestamp,customer_id,user_id,event\n"
GOOD = b"m%d,2026-01-05T10:00:00Z,c,u,Opened\n"


def logs() -> Iterator[tuple[str, Made]]:
    yield "read: plain.csv", lambda: LOG + GOOD % 1
    yield "read: packed.csv.gz", lambda: gzip.compress(LOG + GOOD % 1)
    yield "read: packed by the name of.csv", lambda: gzip.compress(LOG + GOOD % 1)
    yield "read: a byte-order mark.csv", lambda: b"\xef\xbb\xbf" + LOG + GOOD % 1
    yield "read: a bad row between good ones.csv", lambda: LOG + GOOD % 1 + b"x,y\n" + GOOD % 2
    yield "read: quotes that never close.csv", lambda: LOG + GOOD % 1 + b'm2,"2026' + GOOD * 2_000
    yield "read: one line of 10 MB.csv", lambda: LOG + b"x" * 10 * MEGABYTE + b"\n" + GOOD % 1
    yield "read: a NUL in a row.csv", lambda: LOG + b"m\0,2026-01-05T10:00:00Z,c,u,O\n" + GOOD % 1
    yield "read: formulas.csv", lambda: LOG + b"=1+1,2026-01-05T10:00:00Z,=c,@u,+Opened\n"
    yield (
        "read: days of 1900 and 1904.csv",
        lambda: LOG + b"a,1900-01-01,c,u,O\nb,1904-01-01,c,u,O\n",
    )
    yield "read: numbers for days.csv", lambda: LOG + b"a,45000,c,u,O\nb,1e400,c,u,O\n"
    yield "nothing.csv", lambda: b""
    yield "read: UTF-16.csv", lambda: (LOG + GOOD % 1).decode().encode("utf-16")
    yield "a NUL in the heading.csv", lambda: LOG.replace(b"event", b"ev\0ent") + GOOD % 1
    yield "a bomb of one letter.csv.gz", lambda: gzip.compress(LOG + b"0" * 300 * MEGABYTE)
    yield (
        "a bomb in many parts.csv.gz",
        lambda: gzip.compress(LOG) + gzip.compress(b"0" * 10 * MEGABYTE) * 30,
    )
    yield "cut off.csv.gz", lambda: gzip.compress(LOG + b"".join(GOOD % n for n in range(99)))[:-20]
    yield "damaged.csv.gz", damaged
    yield "a workbook.csv", lambda: workbook(PLAN_ROWS)
    yield "an archive.zip", lambda: zipped({"log.csv": LOG + GOOD % 1})
    yield "a million columns.csv", lambda: b",".join(b"c%d" % n for n in range(100_000)) + b"\n"
    yield "columns of one name.csv", lambda: b"event," * 150_000 + b"\n"
    yield "a heading of 10 MB.csv", lambda: b"x" * 10 * MEGABYTE
    yield "gzip inside gzip.csv.gz", lambda: gzip.compress(gzip.compress(LOG + GOOD % 1))
    yield "zlib by the name of.csv.gz", lambda: zlib.compress(LOG + GOOD % 1)


def damaged() -> bytes:
    content = bytearray(gzip.compress(LOG + b"".join(GOOD % n for n in range(9_999))))
    content[200:260] = bytes(60)
    return bytes(content)


# --- files people keep ------------------------------------------------------------------------


def png(size: int = 40) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (size, size)).save(drawn, "PNG")
    return drawn.getvalue()


DOCUMENT = {"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": b"<w/>"}
PAGE = b"<!doctype html><script>x()</script>"


def kept() -> Iterator[tuple[str, Made]]:
    """What people might keep; the name is the one it is sent under."""
    yield "read: ../../../etc/passwd", lambda: b"root:x:0:0\n"
    yield "read: \u202egpj.exe", lambda: b"an ending the wrong way round\n"
    yield "read: a\x01b\u200bc.txt", lambda: b"unseen letters\n"
    yield f"read: {'x' * 300}.pdf", lambda: b"%PDF-1.7\n%%EOF\n"
    yield "read: <img src=x onerror=x()>.png", png
    yield "read: a picture that is called.pdf", png
    yield "read: a picture with a page behind.png", lambda: png() + PAGE
    yield "read: a picture with an archive behind.png", lambda: png() + zipped(DOCUMENT)
    yield "read: a pdf with a page behind.pdf", lambda: b"%PDF-1.7\n%%EOF\n" + PAGE
    yield "read: a picture of half a gigabyte.png", lambda: _vast(png())
    yield "read: a document.docx", lambda: zipped(DOCUMENT)
    yield "read: a bomb in a document.docx", lambda: zipped(DOCUMENT | {"a": bytes(300 * MEGABYTE)})
    yield "read: formulas.csv", lambda: "\n".join(FORMULAS).encode()
    yield "nothing.txt", lambda: b""
    yield "too large.txt", lambda: b"x" * 26 * MEGABYTE
    yield "a page.png", lambda: PAGE
    yield "a page behind spaces.txt", lambda: b" \n\t" * 500 + PAGE
    yield "a drawing.png", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'
    yield "a drawing in UTF-16.txt", lambda: "<svg onload='x()'/>".encode("utf-16")
    yield "entities.xml", lambda: LAUGHS.encode()
    yield "a program.pdf", lambda: b"MZ\x90\0" + bytes(300)
    yield "a script.txt", lambda: b"#!/bin/sh\necho\n"
    yield "an archive.zip", lambda: zipped({"a.txt": b"a"})
    yield "an archive that is called.docx", lambda: zipped({"a.txt": b"a"})
    yield "a document with macros.docx", lambda: zipped(DOCUMENT | {"word/vbaProject.bin": b"x"})
    yield "a document that is cut off.docx", lambda: zipped(DOCUMENT)[:-40]
    yield "many parts.docx", lambda: zipped(DOCUMENT | {f"{n}": b"" for n in range(20_000)})
    yield "a lying directory.docx", lambda: _lying(zipped(DOCUMENT))
    yield "an old document.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900)
    yield "rich text.rtf", lambda: b"{\\rtf1{\\object}}"
    yield "gzip.txt", lambda: gzip.compress(b"x" * MEGABYTE)
    yield "bytes.txt", lambda: bytes(range(256)) * 40


def _vast(picture: bytes) -> bytes:
    """The same picture, which says in its head that it is 60,000 by 60,000."""
    return picture[:16] + struct.pack(">II", 60_000, 60_000) + picture[24:]


def _lying(archive: bytes) -> bytes:
    """The same archive, whose directory is said to be two gigabytes long."""
    end = archive.rindex(b"PK\x05\x06")
    return archive[: end + 12] + struct.pack("<I", 2**31) + archive[end + 16 :]
