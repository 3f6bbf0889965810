"""Words that need care when names are looked for: those that are also words, and those that name nobody."""

from __future__ import annotations


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


ALSO_WORDS = _each("""
    abbey able ace alma amber angel apple april art ash aspen august aurora autumn baker bank bar barber basil
    bass bay bean bear beau becker bell berry best bill bird bishop black blade blanche bliss block bloom blue bob
    bolt bond book box brand brave bridge bright brook brooks brown buck bud bush butler button cannon carol
    carpenter carter case cash cat chance chase cherry chip christian chuck church clay clear cliff cloud clove
    coal code cole cook cool cooper coral core cotton cox craft crane crew crisp cross crystal curry daisy dale
    dance dash data dawn day dean dear deer delta den dick dock docker doe dollar don dot dove drake drew duke
    earl early earnest east eden elastic ember english ever faith farmer fast feather felicity fern field finch
    finder fine fish fisher fleet flint flora flower floyd ford forest fox frank franklin free freed french frost
    gale game gap garage gardener gates gay gem gene general genesis georgia german ginger glad glass glen gold
    golden good grace grand grant gray green grey grove guest guy hack hall hand happy hardy harmony harper haven
    hay hazel head heart heath heather heaven henna herb hero hill holiday hollis holly honey hood hook hop hope
    hopper house hunt hunter hut ice iris ivory ivy jack jade jay jean jet jewel job john joy june junior justice
    key kid kind king kit knight lace lake lamb lance land lane lark law lawn lay lead leaf lee light lily link
    lion little long lot lotus love lucky lynx magic major make man maple march mark market marsh marshal mason
    master may meadow melody mercy merit merry meta mike mile miles mill miller mint miss mode molly moon moor
    moore more morning moss mount munch myrtle nest new nice nick noble north notion oak ocean olive opal open
    oracle orange orchid page paris park parker parks pat peace pearce pearl penny pepper perry phoenix pick
    pierce pike pine piper pitch pitt plan plum poe polish polly pool poppy porter potter power powers press price
    pride prime prince princess prudence purple quest quick quill rain rainbow ram ranger ray reach read red reed
    reef rich rick ridge ring rise river rob robin rock rod roman root rose roses rowan royal ruby rue rush rusty
    sage sailor salt sand sandy sap savage saw say school scout sea season self serene serenity shade sharp shell
    shepherd shift shore short sierra signal silver sing sky slack small smart smith snow socks sonny soul south
    sparrow spring square stable star starling steel stein stella stem sterling stone storm story stream street
    stripe strong sub sue summer sun sunday sunny sure swan swift tag target tate taylor teal temple terra thorn
    thrift tiger time toby todd toll tom tool topaz tower town travel tree trinity true truth tucker turner twist
    umber under union unity upton urban valentine valley van vera verity victor victory viola violet virtue visa
    vista voice wade walk walker wall wane ward warden warm warner wave way weaver web week well wells west wheat
    wheeler white whole wild will willow wills win wind winner winter wise wish wit wolf wood woods word work
    works worth wren wright yard year young zen zephyr zoom
""")
"""Words that are also names, of people or of organisations: alone they are looked for only as names are written."""

NOBODY = _each("""
    academia academic anonym anonymous applicable community consultant contributor developer employed freelance
    freelancer guest independent individual maintainer me myself na nil no nobody none not organiser organizer
    participant private retired self selfemployed someone speaker student tba tbc tbd unaffiliated unemployed
    unknown various volunteer
""")
"""Words that stand in the place of a name or an affiliation and name nobody."""

TITLES = _each("""
    bsc dame dipl dr drs frau herr ii iii ing iv jr mag mba md miss mr mrs ms msc mx phd prof professor sir sr
""")

PARTICLES = _each("""
    af al av ben bin bint d da das de del della delle den der des di do dos du e el i ibn l la le les mac mc o s
    san st t te ten ter van vom von y zu zum zur
""")

LEGAL_FORMS = _each("""
    ab ag aktiengesellschaft aps as asa bv bvba cic co company corp corporation cv eg ek eu ev gbr ggmbh gmbh inc
    incorporated kft kg kgaa kk limited llc llp lp ltd ltda mbh nv ohg oy oyj plc pte pty pvt sa sarl sas se sl
    spa spol srl sro ug ulc zoo
""")

PROGRAM_OFFICE = _each("""
    of office open ospo program programme project source the
""")

ORGANISATION_WORDS = _each("""
    africa america americas asia austria bank brasil brazil canada center centre china consulting department dept
    deutschland digital emea engineering enterprise enterprises europe france germany global group holding
    holdings india industries international italia italy japan lab labs networks nordics office open ospo program
    programme project research schweiz services singapore software solutions source spain studio studios
    switzerland system systems team tech technologies technology uk us usa works
""")
"""What organisations add to their name: "Kestrel Works" is recognised by "Kestrel" too."""

FREE_MAIL = _each("""
    126 163 aol duck example fastmail foxmail free gmail gmx googlemail hey hotmail icloud invalid kolabnow
    laposte libero live localhost mac mail mailbox me msn orange outlook pm posteo proton protonmail qq riseup
    rocketmail seznam t-online test tuta tutanota users wanadoo web wp yahoo yandex ymail zoho
""")
"""Labels of domains where anybody may have a mailbox: they name no organisation."""

SHARED_MAILBOXES = _each("""
    abuse admin board chair community contact contribute dev email events foss general git github hello help hi
    info legal list mail mailbox maintainers marketing me media members news noreply office opensource ospo oss
    owner postmaster press program project projects public root sales security speaker speakers staff support
    talks team todo touchpoints webmaster work
""")
"""Mailboxes and accounts that are no person's name."""

SECOND_LEVELS = _each("""
    ac co com edu gob gouv gov gv mil ne net nom or org sch
""")
"""Labels before a country's own, as in "example.co.uk"."""
