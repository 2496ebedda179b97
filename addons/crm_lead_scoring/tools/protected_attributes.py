"""Words for traits that the law protects, in several languages.

A field's name or label is held against them word by word; a word with ``*`` at its end
stands for all words that begin so.
"""

import re

PROTECTED = frozenset(
    """
    gender* sex sexual*
    nationality nationalit* citizen* ethnic* race racial
    religion religio* faith church confession* creed belief
    disability disabilit* handicap* pregnan* marital birthdate birthday birth
    political
    пол полът националност* гражданств* етнос* етническ* раса расов* религ* вяра
    вероизповедани* църква увреждан* инвалид* бременн* синдика* политическ*
    пола гендер* национальност* этнос* этническ* раса расов* вера вероисповедани*
    церковь беременн* профсоюз*
    рождения рождение рождане
    geschlecht* staatsangehörig* nationalität* staatsbürger* ethni* rasse konfession
    glaube* behinder* schwanger* gewerkschaft* geburt*
    sexe genre nationalité citoyenneté ethnie confession foi handicap grossesse syndicat
    naissance
    sexo género genero nacionalidad ciudadanía religión raza etnia discapacidad
    embarazo sindicato nacimiento
    sesso genere nazionalità cittadinanza religione etnia disabilità gravidanza
    geslacht nationaliteit religie geloof handicap zwanger*
    płeć narodowość obywatelstwo religia wyznanie
    nacionalidade religião gênero cidadania
    cinsiyet uyruk φύλο εθνικότητα θρησκεία naționalitate religie etnie
    """.split()
)
_WHOLE = frozenset(word for word in PROTECTED if not word.endswith("*"))
_STEMS = tuple(word[:-1] for word in PROTECTED if word.endswith("*"))


def find_protected(text):
    """Return the first word of ``text`` that names a protected trait, else ``None``."""
    for word in re.findall(r"[^\W\d_]+", (text or "").lower()):
        if word in _WHOLE or word.startswith(_STEMS):
            return word
    return None
