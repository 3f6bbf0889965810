"""Words that need care when names are looked for: those that are also words, and those that name nobody."""

from __future__ import annotations


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


ALSO_WORDS = _each("""
    abbey able ace ada all alma amber angel any apple apr april are art ash aspen aug august aurora autumn bach
    baker ban bang bank banks bar barber basil bass bay bea bean bear beau becker bell bent berg berry best bill
    bin bird bishop bit black blade blanche bliss block bloom blue bob bolt bond book box brand braun brave bridge
    bright brook brooks brown bryant buck bud bug bush butler button can cannon carol carpenter carter case cash
    cat chan chance chase che cherry chin chip cho choi christian chuck church clay clear cliff cloud clove coal
    code cole combs cook cool cooper coral core cotton cox craft crane crew crisp cross crystal curry daisy dale
    dance dash data dawn day dean dear dec deer delta den dick ding dior dock docker doe dollar don dot dove drake
    drew duke earl early earnest east eden elastic else ember end engel english ernst even ever faith fan farmer
    fast feather feb felicity fern field fields finch finder fine fish fisher fix fleet flint flora flower floyd
    ford forest fox frank franklin free freed french fri frost gale game gang gap garage gardener gates gay gem
    gene general genesis georgia german get ginger git glad glass glen gold golden good grace grand grant gray
    green grey gross grove guest guy hack hail hale hall ham han hand hang happy hard hardy harmony harper hart
    haven hay hazel head heart heath heather heaven henna herb herbst hero hill holiday hollis holly honey hood
    hook hop hope hopper host house how hung hunt hunter hut ice iris ivory ivy jack jade jan java jay jean jet
    jewel job john joy jul julia jun june junior justice kaiser key kid kind king kit klein knight lace lake lam
    lamb lance land lane lang lark law lawn lay lead leaf lee let light lily lin ling link linus lion list little
    long lot lotus love low lowe lucky lynx mae magic mai major make man maple mar march mark market marsh marshal
    mason master max may meadow melody mercy merit merry meta mike mile miles mill miller min mint miss mode molly
    mon moody moon moor moore more morning moss mount munch myrtle nam nest new nice nick noble norm north notion
    nov oak ocean oct odd olive opal open oracle orange orchid out own page paige pan panel paris park parker
    parks pascal pat peace pearce pearl penny pepper per perl perry phoenix pick pierce pike pine ping piper pitch
    pitt plan plum poe polish polly pong pool poppy porter potter power powers press price pride prime prince
    princess prudence purple put python quest quick quill rain rainbow ram ranger ray reach read red reed reef
    rich rick ridge ring rise river rivers rob robin rock rod roman root rose roses rowan rowe royal ruby rue rush
    rust rusty sage sailor salt sand sandy sang sap sat savage saw say school schwarz scout sea season self sep
    serene serenity set shade sharp shell shepherd shift shore short sierra signal silver sing sky slack small
    smart smith snow socks sol some sommer son song sonny sons soul south sparrow speaker spring square stable
    stack star stark starling steel steering stein stella stem sterling stone storm story stream street stripe
    strong sub sue sum summer sun sunday sunny sure swan swift tag tan target tate taylor teal tech temple terra
    test thorn thrift thu tiger time toby todd toll tom tool top topaz tor tower town travel tree trinity true
    truth tuck tucker tue tug turner twist type umber under union unity upton urban use used valentine valley van
    vera verity victor victory viola violet virtue visa vista vogel voice wade walk walker wall wane wang ward
    warden warm warner waters wave way weaver web wed week weiss well wells west wheat wheeler when white who
    whole why wild will willow wills win wind winner winter wise wish wit wolf wood woods word work works worth
    wren wright yard year young zen zephyr zoom
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
