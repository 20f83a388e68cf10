"""The words that lists of people use for columns and values, in English and in Arabic.

They belong to the file format and not to the interface. The first word of each list is the one
that templates and exports write; the earlier one wins where two columns claim the same field.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from convening.text import fold
from convening.vocabulary import Consent, Group, Language, Money, PersonField, Relationship

Value = TypeVar("Value", bound=StrEnum)
Words = Mapping[Language, tuple[str, ...]]


def _words(english: str, arabic: str) -> Words:
    return {
        Language.ENGLISH: tuple(english.split("|")),
        Language.ARABIC: tuple(arabic.split("|")),
    }


HEADINGS: dict[PersonField, Words] = {
    PersonField.NAME: _words(
        "Name|Full name|Participant|Participant name|Person|Respondent|Contact name"
        "|Contact person|Stakeholder|Invitee|Display name",
        "الاسم|الاسم الكامل|الاسم الثلاثي|الاسم الرباعي|اسم المشارك|اسم الشخص|المشارك|الطرف",
    ),
    PersonField.FIRST_NAME: _words(
        "First name|Given name|Forename|First names|Given names",
        "الاسم الأول|الاسم الشخصي",
    ),
    PersonField.LAST_NAME: _words(
        "Last name|Surname|Family name",
        "اسم العائلة|العائلة|الكنية|اللقب|اسم الأسرة|الاسم الأخير",
    ),
    PersonField.ORGANISATION: _words(
        "Organisation|Organization|Organisation name|Organization name|Institution|Company"
        "|Employer|Affiliation|NGO|Workplace",
        "المنظمة|المؤسسة|الجمعية|الجهة|جهة العمل|الشركة|مكان العمل|اسم المنظمة|اسم الجمعية",
    ),
    PersonField.PLACE: _words(
        "Place|Town|City|Neighbourhood|Neighborhood|Village|District|Area|Location|Borough"
        "|Municipality|Governorate|Region|Province|County",
        "المكان|البلدة|المدينة|الحي|القرية|المنطقة|مكان السكن|مكان الإقامة|السكن|الموقع"
        "|البلدية|اللواء|القضاء|المحافظة",
    ),
    PersonField.EMAIL: _words(
        "E-mail|E-mail address|Mail|Mail address",
        "البريد الإلكتروني|عنوان البريد الإلكتروني|بريد إلكتروني|الإيميل|ايميل|البريد",
    ),
    PersonField.PHONE: _words(
        "Phone|Phone number|Telephone|Telephone number|Mobile|Mobile number|Mobile phone|Cell"
        "|Cell phone|Tel|WhatsApp|Contact number",
        "الهاتف|رقم الهاتف|الهاتف المحمول|الجوال|رقم الجوال|الموبايل|رقم الموبايل|المحمول"
        "|واتساب|تلفون|رقم التواصل",
    ),
    PersonField.CONTACT: _words(
        "Contact|Contact details|Contact information|Contact info",
        "التواصل|وسيلة التواصل|معلومات التواصل|بيانات التواصل|معلومات الاتصال|بيانات الاتصال",
    ),
    PersonField.GROUPS: _words(
        "Groups|Group|Community groups|Community group|Stakeholder groups|Stakeholder group"
        "|Stakeholder type|Circles|Circle",
        "المجموعات|المجموعة|مجموعات المجتمع|الفئات|الفئة|الدوائر|الدائرة|الحلقات|الحلقة",
    ),
    PersonField.STEWARD: _words("Steward|Stewards", "من حراس المجتمع|حارس المجتمع|حراس المجتمع"),
    PersonField.GATEWAY: _words(
        "Gateway|Gateways", "من بوابات المجتمع|بوابة المجتمع|بوابات المجتمع"
    ),
    PersonField.INFLUENCER: _words(
        "Influencer|Influencers",
        "من مؤثري قضايا المجتمع|مؤثر في قضايا المجتمع|مؤثرو قضايا المجتمع",
    ),
    PersonField.SOCIAL: _words("Social capital|Social", "رأس المال الاجتماعي|الاجتماعي"),
    PersonField.RELATIONAL: _words("Relational capital|Relational", "رأس المال العلائقي|العلائقي"),
    PersonField.INTELLECTUAL: _words(
        "Intellectual capital|Intellectual", "رأس المال الفكري|الفكري"
    ),
    PersonField.FINANCIAL: _words("Financial capital|Financial", "رأس المال المالي|المالي"),
    PersonField.RELATIONSHIP: _words(
        "Relationship|Relationship to the foundation|Relationship with the foundation"
        "|Relationship to us|Relationship with us",
        "العلاقة بالمؤسسة|العلاقة مع المؤسسة|العلاقة بنا|العلاقة",
    ),
    PersonField.MONEY: _words(
        "Grant status|Money|Funding|Grant|Funding status",
        "حالة المنحة|المنحة|التمويل|حالة التمويل|العلاقة المالية",
    ),
    PersonField.REACHED_THROUGH: _words(
        "Reached through|Reached by|Reach through|Referred by|Introduced by|Known through",
        "نصل إليه عبر|الوصول عبر|عن طريق|بواسطة|الوسيط|رشحه",
    ),
    PersonField.CONSENT: _words(
        "Consent|Consent given|Data consent|GDPR consent|Permission|Agreed",
        "الموافقة|موافقة|الإذن|الموافقة على حفظ البيانات",
    ),
    PersonField.BIRTH_YEAR: _words(
        "Birth year|Year of birth|Born|Date of birth|Birth date|Birthday|DOB",
        "سنة الميلاد|سنة الولادة|تاريخ الميلاد|تاريخ الولادة",
    ),
    PersonField.UNDER_18: _words(
        "Under 18|Minor|Is minor|Underage",
        "دون 18|دون الثامنة عشرة|تحت 18|أقل من 18|قاصر",
    ),
    PersonField.NOTE: _words(
        "Notes|Note|Remarks|Remark|Comments|Comment", "ملاحظات|ملاحظة|الملاحظات|تعليق|تعليقات"
    ),
}

#: Headings of a column that holds an age in years; it stays an attribute.
AGE = frozenset({"age", "العمر", "السن", "عمر"})

GROUPS: dict[Group, Words] = {
    Group.STEWARD: _words(
        "steward|stewards|resident|residents|tenant|tenants|neighbour|neighbours|neighbor"
        "|neighbors|inhabitant|family|families|parent|parents|young person|young people|youth"
        "|community member|community members|lived experience|affected|most affected"
        "|beneficiary|beneficiaries",
        "حارس المجتمع|حراس المجتمع|من حراس المجتمع|حارس|حراس|ساكن|ساكنة|سكان|السكان|مقيم|مقيمة"
        "|مستأجر|مستأجرة|مستأجرون|جار|جيران|أهالي|الأهالي|أهل الحي|أسرة|أسر|عائلة|عائلات"
        "|شاب|شابة|شباب|متأثر|متأثرة|متأثرون|متضرر|متضررة|خبرة حياتية|مستفيد|مستفيدة|مستفيدون",
    ),
    Group.GATEWAY: _words(
        "gateway|gateways|service provider|service providers|association|associations"
        "|neighbourhood association|non-profit|non-profits|charity|charities|ngo|ngos"
        "|cbo|mentor|mentors|mentoring|youth worker|youth workers|social worker|social workers"
        "|advocate|advocates|advocacy|intermediary|intermediaries",
        "بوابة المجتمع|بوابات المجتمع|من بوابات المجتمع|بوابة|بوابات|مقدم خدمة|مقدمة خدمة"
        "|مقدمو خدمات|مقدمو الخدمات|جمعية|جمعيات|جمعية الحي|منظمة أهلية|منظمة غير ربحية"
        "|منظمات أهلية|مرشد|مرشدة|مرشدون|عامل اجتماعي|أخصائي اجتماعي|أخصائية اجتماعية"
        "|مناصرة|وسيط|وسيطة|وسطاء",
    ),
    Group.INFLUENCER: _words(
        "influencer|influencers|official|officials|government|city government|mayor"
        "|prosecutor|prosecutors|lawyer|lawyers|judge|judges|business owner|business owners"
        "|business|foundation|foundations|funder|funders|donor|donors|journalist|journalists"
        "|media|politician|politicians|decision maker|decision makers",
        "مؤثر في قضايا المجتمع|مؤثرو قضايا المجتمع|من مؤثري قضايا المجتمع|مؤثر|مؤثرة|مؤثرون"
        "|مؤثرين|مسؤول|مسؤولة|مسؤولون|حكومة|بلدية|البلدية|رئيس البلدية|مدع عام|محام|محامي"
        "|محامية|محامون|قاض|قاضي|رجل أعمال|سيدة أعمال|أصحاب أعمال|صاحب عمل|مؤسسة مانحة"
        "|جهة مانحة|مانح|مانحون|صحفي|صحفية|إعلامي|إعلامية|إعلام|صانع قرار|صناع القرار",
    ),
}

RELATIONSHIPS: dict[Relationship, Words] = {
    Relationship.NONE: _words(
        "none|no|new|unknown|no relationship|never met", "لا توجد|لا علاقة|لا|جديد|جديدة|بلا"
    ),
    Relationship.ACQUAINTED: _words(
        "acquainted|acquaintance|met|have met|some|weak",
        "معرفة|معرفة سابقة|على معرفة|تعارف|محدودة",
    ),
    Relationship.ESTABLISHED: _words(
        "established|strong|close|long-standing|partner",
        "راسخة|وثيقة|قوية|قائمة|علاقة قائمة|شريك|شريكة",
    ),
}

MONEY: dict[Money, Words] = {
    Money.NONE: _words("none|no|never", "لا يوجد|لا توجد|لا|بلا"),
    Money.APPLICANT: _words(
        "applicant|applied|has applied", "متقدم بطلب|متقدمة بطلب|متقدم|متقدمة|مقدم طلب|مقدمة طلب"
    ),
    Money.GRANTEE: _words(
        "grantee|funded|recipient|grant recipient|grant partner",
        "حاصل على منحة|حاصلة على منحة|متلقي منحة|متلقية منحة|ممنوح|ممول|ممولة",
    ),
}

CONSENT: dict[Consent, Words] = {
    Consent.UNKNOWN: _words("unknown|not asked|not yet|?", "غير معروفة|غير معروف|لم يسأل|لم تسأل"),
    Consent.GIVEN: _words(
        "given|yes|y|true|1|x|agreed|consented|✓|✔",
        "أعطيت|نعم|موافق|موافقة|وافق|وافقت",
    ),
    Consent.REFUSED: _words(
        "refused|no|n|false|0|declined|withdrawn",
        "رفضت|لا|رفض|مرفوضة|غير موافق|غير موافقة",
    ),
    Consent.GUARDIAN: _words(
        "guardian|guardian agreed|guardian consent|parent|parental consent",
        "ولي الأمر|موافقة ولي الأمر|الوصي|موافقة الوصي|الأهل",
    ),
}

YES = _words("yes|y|true|1|x|✓|✔|☑|on", "نعم|صح|أجل")
NO = _words("no|n|false|0|-|off|☐", "لا|كلا|خطأ")


@lru_cache(maxsize=4096)  # a column repeats a few words over and over
def key(word: str) -> str:
    """What two spellings of a heading or value have in common: folded letters and digits alone."""
    folded = fold(word)
    return "".join(filter(str.isalnum, folded)) or folded


def lookup(words: Mapping[Value, Words]) -> dict[str, Value]:
    """Each spelling's key and what it stands for."""
    return {
        key(spelling): value
        for value, languages in words.items()
        for spellings in languages.values()
        for spelling in spellings
    }


def truth() -> dict[str, bool]:
    return {
        key(spelling): value
        for value, words in ((True, YES), (False, NO))
        for spellings in words.values()
        for spelling in spellings
    }


#: Each heading's key: the field it names, and how usual the word is (0 first).
RANKS: dict[str, tuple[PersonField, int]] = {
    key(spelling): (field, rank)
    for field, words in HEADINGS.items()
    for spellings in words.values()
    for rank, spelling in enumerate(spellings)
}

#: The keys of the headings of a table of quotas, in both layouts of the sortition files.
_QUOTA_FEATURE = frozenset({"feature", "category"})
_QUOTA_VALUE = frozenset({"value", "name"})


def is_quota_header(header: tuple[str, ...]) -> bool:
    """Whether the table holds targets for a selection: (category, name, min, max) or
    (feature, value, min, max, min_flex, max_flex), in any order and case.
    """
    keys = {key(name) for name in header}
    return {"min", "max"} <= keys and bool(keys & _QUOTA_FEATURE) and bool(keys & _QUOTA_VALUE)
