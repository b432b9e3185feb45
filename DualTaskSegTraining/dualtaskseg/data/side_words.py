"""Words that tell left from right in the languages in which people name structures, for :mod:`laterality`.

A scan that is needlessly not mirrored costs little, one that is wrongly mirrored costs the model. So short words that
mean something else too are here as well.
"""

from __future__ import annotations

# As whole words between separators.
_WORDS = """
l r lt rt lf rg lh rh lhs rhs lft rgt left right lv rv la ra
li re links rechts linke rechte linker rechter linkes rechtes
sin dx sx dex dext sn dest izq der izda dcha izdo dcho iz drc ga dr gche drt esq dir esqda dirta
lewy prawy lewa prawa lewe prawe lev pravy leva prava levo desno leve desne lijevi desni lijeva desna levi
vas oik vasen oikea bal jobb sol sag sağ vänster höger vanster hoger venstre højre hojre hoyre høyre
stg drp stang drept stanga dreapta kiri kanan trái phải trai phai 좌 우
lavy lava lave laba labais labi dret dreta drets esquerra cle deas chwith xellug lemin chap kaliwa kushoto kulia
hø ve vä hö od os lul rul lll rll rml lca rca lad lcx lpa rpa lica rica lcca rcca laa raa lpv rpv lma rma dxo sin
kreisā kreisais kreisās kreisajā kreisa kreisas kreiso kreisi kreisaja оң сол чап рост зүүн баруун ձախ աջ ግራ ቀኝ
"""
# As the beginning of a word, in languages that bend them.
_BEGINNINGS = """
izquierd derech sinist dextr dexter destr gauch droit esquerd direit linkss rechtss vänst högr stâng drept
levostr pravostr lewostr prawostr vasem oike jobbold balold kairy kairi kairė desin vasak parem majt djatht
ipsilat contralat kontralat esquerr dereit ezker eskuin vinstr hægr dekstr maldekstr
лев прав лів ляв лијев десн десен αριστερ δεξι
"""
# Anywhere, since words aren't separated there, or are often joined: "leftkidney".
_ANYWHERE = """
left right links rechts gauche droite izquierd derech sinistr esquerd direit
چپ راست بائیں دائیں ימנ მარცხენ მარჯვენ বাম ডান இடது வலது ఎడమ కుడి ຊ້າຍ ຂວາ ឆ្វេង ស្តាំ ਖੱਬ ਸੱਜ वाम दक्षिण
左 右 왼쪽 오른쪽 좌측 우측 يسار يمين ايسر ايمن أيسر أيمن اليسرى اليمنى שמאל ימין बाय दाय बायाँ बाएँ दाएँ दायाँ ซ้าย ขวา
"""
# What makes a pair of two names that are else the same, even within a word: "kidneyl" and "kidneyr".
_PAIRED_ENDS = """
l r|li re|lt rt|lh rh|g d|i d|e d|s d|sx dx|л п|l p|v h|b j|v o|s j|le ri|ga dr|iz de|es di|lef righ|left right
|左 右|좌 우
"""
# Two names that differ by these words tell other things apart than sides.
_NOT_SIDES = """
anterior posterior ant post superior inferior sup inf upper lower middle mid central center centre peripheral
proximal distal medial lateral inner outer internal external intern extern cranial caudal dorsal ventral rostral apical
basal core edema oedema necrosis necrotic enhancing nonenhancing enhanced white gray grey matter cortex cortical medulla
artery arteries vein veins arterial venous tumor tumour cyst lesion wall lumen cavity head body tail neck vessel vessels
whole other systole diastole fat muscle bone transition transitional zone
"""

# Words beside which "os" is no left eye but a bone, or the mouth of the womb. Those that may be of
# an eye, such as its quadrants, are not among them.
_BESIDE_OS = """
sacrum sacri sacral coccygis coccyx coxae coxa pubis ilium ilii ischii ischium occipitale sphenoidale ethmoidale
parietale frontale hyoideum hyoides hyale lacrimale zygomaticum palatinum scaphoideum lunatum triquetrum pisiforme
trapezium trapezoideum capitatum hamatum naviculare cuboideum cuboid cuneiforme metacarpale metatarsale femoris
innominatum trigonum tibiale peroneum odontoideum acromiale penis incisivum uteri cervix cervical
"""
# Letters of Turkish, in which "ve" is "and"; in Danish and Norwegian it is short for left.
_BESIDE_VE = "ğış"

SIDE_WORDS = frozenset(_WORDS.casefold().split())
SIDE_BEGINNINGS = tuple(_BEGINNINGS.casefold().split())
SIDE_ANYWHERE = tuple(_ANYWHERE.casefold().split())
PAIRED_ENDS = frozenset(frozenset(pair.split()) for pair in _PAIRED_ENDS.casefold().replace("\n", "").split("|"))
NOT_SIDES = frozenset(_NOT_SIDES.split())
BESIDE_OS = frozenset(_BESIDE_OS.split())
BESIDE_VE = frozenset(_BESIDE_VE)
