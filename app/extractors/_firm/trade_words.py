"""The words of each trade, in the languages that sites are written in: data, counted elsewhere.

(company_type, category) -> phrases with their weights before them, parted by "|". A phrase begins
at the beginning of a word and is lower case, its punctuation spaces.
"""

import re
from types import MappingProxyType
from typing import Final

PHRASES: Final = MappingProxyType(
    {
        ("association", "homeowners_association_management"): (
            "3 hoa management|3 association management|3 community association"
            "|2 homeowners association|2 homeowner association|2 condominium association"
            "|2 condo association|2 homeowner login|2 architectural review|2 governing documents"
            "|2 board members|2 board of directors meeting|1 board of directors|1 hoa "
            "|3 hoa solutions"
            "|3 hoa services|2 hoa community|2 reserve stud|2 your board"
            "|1 the association |1 homeowners |2 community management|1 covenant"
            "|3 strata management|3 strata manager|2 owners corporation|3 body corporate"
        ),
        ("vacation_rental", "vacation_rental_management"): (
            "3 vacation rental|3 short-term rental|3 short term rental|2 airbnb|2 vrbo |"
            "3 holiday rental"
            "|3 holiday let|2 vacation home|2 nightly rate|1 guest communication|1 your stay|"
            "1 check-in"
            "|1 book direct|3 alquiler vacacional|3 ferienwohnung|3 location saisonnière"
            "|3 short stay|3 short-stay|2 getaways |1 cabins |1 cottages |3 vacation propert"
            "|3 alquiler turístico|2 ferienhäuser|2 ferienhaus|3 holiday home|2 guest arrival"
            "|3 casas rurales|3 location de vacances|3 location courte durée|1 stays "
            "|3 case vacanz|3 casa vacanz|3 appartamenti vacanz|3 vakantiehuis"
            "|3 vakantiehuizen|3 vakantiewoning|2 gîtes |2 feriendomizil"
        ),
        ("commercial", "commercial_real_estate"): (
            "3 commercial property management|3 commercial real estate|2 office space|"
            "2 retail space"
            "|2 industrial real estate|2 industrial space|1 warehouse|2 tenant representation"
            "|2 investment sales|2 triple net|1 commercial propert|2 shopping center|"
            "1 office and retail"
            "|3 gewerbeimmobilie|3 immobilier d entreprise|3 locales comerciales"
            "|3 inmuebles comerciales|3 immobili commerciali|3 bedrijfspanden"
            "|3 bedrijfshuisvesting"
        ),
        ("residential", "property_management"): (
            "3 property management|2 property manager|2 residential property|2 single-family"
            "|2 gestión de comunidades|3 administración de fincas|3 administrador de fincas"
            "|3 administración de consorcios|3 weg-verwaltung|2 eigentümergemeinschaft|3 syndic "
            "|3 vve-beheer|3 vve beheer|3 vereniging van eigenaars"
            "|3 amministratore di condominio|3 amministrazione condomini"
            "|3 amministrazioni condominiali|2 copropriété|2 comunidades de propietarios"
            "|3 administração de condomínios|3 gestão de condomínios|2 condomínios |2 condóminos "
            "|3 syndic de copropriété|3 beheer van vve|2 amministra condomini"
            "|3 administrador de consorcios|3 administradora de consorcios"
            "|2 single family|2 tenant screening|2 tenant placement|2 rental propert|1 landlord"
            "|2 homes for rent|2 rental homes|1 rent collection|2 tenant portal|2 owner portal"
            "|3 hausverwaltung|3 gestion locative|3 administración de propiedades|2 lettings"
            "|3 rental management|3 home management|3 house management|3 apartment management"
            "|1 rentals |2 rental house|2 houses for rent|2 apartments for rent"
            "|2 move-in ready rent"
            "|3 mietverwaltung|3 immobilienverwaltung|3 wohnungsverwaltung|3 mietshausverwaltung"
            "|3 gestión de alquileres|3 gestión de propiedades|3 administración de inmuebles"
            "|3 administración de rentas|3 administración de alquileres|2 inquilinos"
            "|3 gestion immobilière|3 administrateur de biens|3 administração de imóveis"
            "|3 gestione immobiliare|3 vastgoedbeheer|3 block management|3 letting agent"
            "|3 verhuurbeheer|2 verhuurmakelaar|3 gestione locazioni|3 gestione affitti"
            "|2 vastgoedverhuur"
        ),
        ("multifamily", "apartment_owner_operator"): (
            "3 apartment communit|3 multifamily|3 multi-family|2 apartment homes|2 luxury apartment"
            "|2 floor plans|2 floorplans|1 apartments|2 leasing office|2 resident services"
            "|1 one bedroom|1 townhomes|1 town homes|2 pre-lease|2 apartment living"
            "|2 schedule a tour"
            "|2 our apartments |2 our buildings |1 security deposit|2 rental office|2 studios one"
            "|3 mobile home park|3 mobile home communit|3 manufactured home|2 rv park"
        ),
        ("brokerage", "real_estate_brokerage"): (
            "2 realtor|3 real estate broker|2 real estate agent|2 homes for sale|"
            "2 list your home"
            "|2 sell your home|1 buyers and sellers|2 home valuation|1 mls |2 buying or selling"
            "|1 sales agent|1 open house"
            "|2 realty group|1 realty |2 associate broker|2 designated broker|1 real estate "
            "|2 buy or sell|1 listings|2 inmobiliaria|2 immobilienmakler"
            "|2 agence immobilière|2 mls search"
            "|3 estate agents |2 agenzia immobiliare|2 makelaar"
            "|2 agents immobiliers|2 agent immobilier|2 corredores de propiedades"
            "|2 imobiliária|2 immobilienvermittlung"
        ),
        ("staffing_agency", "staffing_agency"): (
            "3 staffing agency|3 staffing firm|3 recruitment agency|3 employment agency"
            "|2 recruiters "
            "|1 job seekers|2 temp staffing|3 personalvermittlung|3 zeitarbeit|3 agence d intérim"
            "|3 cabinet de recrutement|3 empresa de trabajo temporal|3 agenzia per il lavoro"
            "|3 uitzendbureau"
        ),
        ("cleaning_service", "cleaning_service"): (
            "3 cleaning company|3 janitorial|3 commercial cleaning|2 house cleaning"
            "|2 cleaning services"
            "|3 gebäudereinigung|2 unterhaltsreinigung|2 glasreinigung|3 entreprise de nettoyage"
            "|3 empresa de limpieza|3 impresa di pulizie|3 schoonmaakbedrijf"
        ),
        ("law_firm", "law_firm"): (
            "3 law firm|3 law office|2 attorney|2 practice areas|2 lawyer|2 solicitors|1 litigation"
            "|1 legal services|2 abogados|2 rechtsanwalt|2 rechtsanwälte|2 avocat|2 kanzlei"
            "|2 llp |3 bufete|3 despacho jurídico|2 advogados|2 of counsel|2 property law "
            "|3 firma legal|2 servicio jurídico|2 servicios jurídicos|2 asesoría legal"
            "|1 derecho penal|1 derecho administrativo|2 estudio jurídico|2 notaire"
            "|2 étude notariale|3 studio legale|2 avvocato|3 anwaltskanzlei|3 cabinet d avocats"
            "|3 advocatenkantoor|2 advocaten |2 advocaat |3 notariskantoor|2 notaris "
            "|3 studio notarile|2 avvocati |3 barristers|2 conveyancing"
        ),
        ("medical_clinic", "medical_clinic"): (
            "3 medical clinic|3 medical center|3 medical centre|2 physicians|2 family medicine"
            "|2 primary care|2 urgent care|1 patients|3 arztpraxis|2 hausarzt|2 fachärzt"
            "|3 centro médico|3 clínica médica|2 centro privado de medicina|1 pacientes"
            "|2 especialidades médicas|2 consultorio|3 cabinet médical|1 medicina"
            "|1 ophthalmolog|3 eye institute|3 eye clinic|3 eye center|2 eye care|1 optometr"
            "|1 urolog"
            "|1 nephrolog|1 cardiolog|1 dermatolog|1 orthopaedic|1 orthopedic|2 pediatrician"
            "|1 gynecolog|1 surgeons |3 doctor s office|2 facharzt|2 hausärzt|3 gemeinschaftspraxis"
            "|1 kardiolog|2 augenarzt|2 augenärzt|1 orthopäd|1 gynäkolog|2 kinderarzt"
            "|1 sprechstunde"
            "|2 médecin|3 maison de santé|1 oftalmolog|1 traumatolog|2 oculista|3 studio medico"
            "|3 poliambulatorio|3 huisarts"
            "|3 gp practice|3 gp surgery|3 doctors surgery|2 dispensing practice"
            "|2 general practitioner|2 practice nurse|1 repeat prescription|2 nhs app"
        ),
        ("counseling", "counseling"): (
            "2 counseling|2 counselling|2 mental health|2 psychotherap|2 psycholog|2 addiction"
            "|3 couples therapy|3 family therapy|1 therapist|1 therapy|2 psychiatr"
            "|3 praxis für psychotherapie|2 paartherapie|3 thérapie de couple|2 psicolog|2 psicólog"
            "|2 psicoterap|2 psycholoog|2 relatietherapie"
        ),
        ("engineering_firm", "engineering_firm"): (
            "3 engineering firm|3 consulting engineers|2 structural engineer|2 civil engineer"
            "|2 land survey|3 ingenieurbüro|2 vermessung|2 bureau d études"
            "|2 ingeniería civil|1 engineers"
            "|3 ingenieursbureau|3 studio di ingegneria|2 ingegneria |2 ingénieurs "
            "|2 ingeniería |2 topograf"
        ),
        ("architecture_firm", "architecture_firm"): (
            "3 architecture firm|3 architectural firm|3 architecture studio|2 architects"
            "|2 architectural design|1 architecture|3 architekturbüro|2 architekten"
            "|2 arquitectos|3 estudio de arquitectura|2 architectes|3 cabinet d architecte"
            "|3 studio di architettura"
            "|3 architectenbureau|2 architetti |2 cabinet d architecture"
            "|3 agence d architecture"
        ),
        ("marketing_agency", "marketing_agency"): (
            "3 marketing agency|3 digital agency|3 creative agency|3 advertising agency"
            "|3 branding agency|2 digital marketing|2 social media marketing|3 werbeagentur"
            "|3 agencia de marketing|3 agencia digital|3 agence de communication|3 agence web "
            "|3 reclamebureau|3 agenzia di comunicazione|3 agencia de publicidad"
            "|3 agenzia di marketing|3 marketingbureau"
        ),
        ("veterinary_clinic", "veterinary_clinic"): (
            "3 veterinary|2 veterinarian|3 animal hospital|2 tierarzt|2 tierärzt"
            "|3 clínica veterinaria|2 veterinari|2 vétérinaire"
            "|3 dierenarts|3 dierenkliniek|3 kleintierpraxis"
        ),
        ("financial_advisor", "financial_advisor"): (
            "3 financial advis|3 wealth management|2 financial planning|2 retirement planning"
            "|3 gestion de patrimoine|2 patrimoine|2 conseil en investissement|3 finanzberatung"
            "|2 vermögensverwaltung|2 asesoría financiera|3 gestion privée|2 conseil patrimonial"
            "|2 stratégie patrimoniale"
            "|3 consulente finanziari|3 financieel advies|3 asesor financiero"
            "|3 conseiller en gestion"
        ),
        ("investment_firm", "investment_firm"): (
            "3 investment firm|3 investment office|2 private equity|2 family office"
            "|2 principal capital"
            "|3 venture capital|2 portfolio companies|2 investment fund|2 limited partners"
            "|3 beteiligungsgesellschaft|3 société d investissement"
            "|3 capital-investissement|3 sociedad de inversión|2 fondo de inversión"
            "|3 società di investimento|2 fondo di investimento|3 investeringsmaatschappij"
        ),
        ("government", "government"): (
            "3 city council|3 development authority|2 city hall|2 public works|1 mayor|1 municipal"
            "|3 stadtverwaltung|3 ayuntamiento|3 mairie|2 county commission|1 ordinance"
            "|3 gemeindeverwaltung|3 municipio de|3 gemeentehuis|3 gemeentebestuur|3 comune di"
        ),
        ("dental_clinic", "dental_clinic"): (
            "3 dentist|2 dental|2 dentistry|2 orthodont|2 zahnarzt|2 zahnärzt|3 odontólog"
            "|3 clínica dental|2 dentaire"
            "|3 tandarts|2 odontoiatr|3 studio dentistico"
            "|2 kieferorthop|2 mondhygiën"
        ),
        ("nonprofit", "nonprofit"): (
            "4 501 c 3|3 nonprofit|3 non-profit|2 not-for-profit|2 donate|1 volunteer|1 donation"
            "|2 vereins|2 e v |2 gemeinnützig|2 ehrenamt|3 association loi 1901"
            "|3 sin fines de lucro|3 sin ánimo de lucro|3 registered charity|3 food bank"
            "|2 verein |3 förderverein|2 mitgliederversammlung|2 mitglied werden|3 l association "
            "|2 bénévol|2 adhérent|1 adhésion|3 notre association|2 asociación "
            "|3 nuestra asociación|2 voluntariado|2 hacerme socio|2 hazte socio|1 socios "
            "|2 fundación "
            "|3 senza scopo di lucro|2 associazione |2 onlus |2 volontari |3 vzw |2 vereniging "
            "|2 vrijwilliger|3 heemkundige kring|3 onze vereniging|3 asbl "
            "|4 501 c  3|3 land trust |3 tenants association|3 tenants  association"
            "|3 residents association|2 conservation easement|3 association à but non lucratif"
        ),
        ("software_company", "software_company"): (
            "2 software|2 saas |2 open source|2 software developer|1 api |2 source code|1 download"
            "|1 dependency manager|1 web app"
        ),
        ("accounting_firm", "accounting_firm"): (
            "3 accounting firm|3 bookkeeping|2 cpa |3 tax preparation|2 payroll services"
            "|2 tax advis|2 steuerberat|2 steuererklärung|2 steuerkanzlei|2 finanzbuchhaltung"
            "|2 lohnbuchhaltung|2 jahresabschl|2 einkommensteuer|3 expert-comptable"
            "|3 experts-comptables|3 expertise comptable|3 asesoría fiscal|2 contabilidad"
            "|3 gestoría|3 commercialista|3 commercialisti|3 boekhoud|3 belastingadvi"
            "|3 accountantskantoor"
            "|3 contadores públicos|3 contador público|3 despacho contable|3 despacho de contadores"
            "|2 contadores en|2 declaraciones fiscales|2 impuestos |2 declaración anual|1 auditoría"
            "|3 chartered accountants|3 cabinet comptable|2 experts comptables"
            "|3 contabilista|2 contabilidade |3 estudio contable"
        ),
        ("insurance_agency", "insurance_agency"): (
            "3 insurance agency|2 insurance quote|2 auto insurance|2 home insurance|"
            "2 life insurance"
            "|3 versicherungsmakler|3 versicherungsagentur|2 versicherungen "
            "|3 courtier en assurance|3 cabinet d assurance|3 correduría de seguros"
            "|3 agencia de seguros|3 agenzia di assicurazion|3 agenzia assicurativa"
            "|3 verzekeringskantoor|2 verzekeringen "
        ),
        ("construction", "construction"): (
            "3 general contractor|2 roofing|2 remodeling|2 home builder|2 plumbing|2 renovations"
            "|3 bauunternehm|2 dachdecker|2 hochbau|3 entreprise de construction|2 plombier"
            "|2 maçonnerie|3 empresa constructora|3 constructora |2 fontaner|3 impresa edile"
            "|2 ristrutturazioni|3 bouwbedrijf|3 aannemer|2 loodgieter"
            "|3 menuiserie|3 menuisier|3 ébénist|3 schreinerei|3 tischlerei|3 carpintería"
            "|3 falegnameria|3 timmerbedrijf|3 carpenters |3 joinery|2 carpentry|3 zimmerei"
            "|2 parquets |2 charpente|2 electricians |2 elektriker|2 électricien|2 couvreur"
        ),
        ("church", "church"): (
            "1 church |3 our church|3 presbyterian church|3 baptist church|3 methodist church"
            "|3 lutheran church|2 worship|2 sermon|2 pastor |2 ministries|2 ministry|2 congregation"
            "|2 sunday school|2 parish |1 prayer|1 jesus|3 kirchengemeinde|3 pfarrei|2 gottesdienst"
            "|3 paroisse|2 église|2 iglesia|3 parroquia|3 parrocchia|2 chiesa|2 kerkdienst"
            "|3 kerkgemeenschap"
        ),
        ("hotel", "hotel"): (
            "2 hotel |2 hotels |2 hospitality|2 guest rooms|2 hotel rooms|2 bed and breakfast"
            "|3 hotelzimmer|2 gasthof|3 hôtel |3 chambres d hôtes|2 hostal "
            "|2 albergo |1 resort|1 inn |1 suites "
        ),
    }
)
LEFT_OUT: Final = MappingProxyType(
    {
        "residential": re.compile(
            r" (?:property|rental) management(?= (?:software|system|platform))"
            r"| (?:commercial|industrial|retail|vacation|holiday|short[- ]term|association|hoa)"
            r"(?= (?:property|rental)s? )(?: (?:property|rental)s?)(?: manage(?:ment|rs?))?"
        ),
        "brokerage": re.compile(
            r" realtors? (?:portal|login|log-?in|documents|packets?|questionnaires?)(?= )"
            r"| commercial real estate(?: broker\w*)?(?= )"
        ),
        "nonprofit": re.compile(r" (?:vereniging van eigenaars|asociación de propietarios)(?= )"),
        "church": re.compile(r" church (?:st|street|rd|road|ave|avenue|lane|ln|hill|view)(?= )"),
    }
)
"""What holds a kind's words and speaks of another: kinds of property that are no homes, the
door for the realtors of others, streets."""
