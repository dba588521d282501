"""Names of provinces and states where an address is read by them, with their countries."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.records._places import folded

_NAMES: Final = {
    "ES": """A Coruña; La Coruña; Álava; Araba; Albacete; Alicante; Alacant; Almería; Asturias;
        Ávila; Badajoz; Baleares; Illes Balears; Islas Baleares; Barcelona; Bizkaia; Vizcaya;
        Burgos; Cáceres; Cádiz; Cantabria; Castellón; Castelló; Ciudad Real; Córdoba; Cuenca;
        Gipuzkoa; Guipúzcoa; Girona; Gerona; Granada; Guadalajara; Huelva; Huesca; Jaén; La
        Rioja; Las Palmas; León; Lleida; Lérida; Lugo; Madrid; Málaga; Murcia; Navarra; Ourense;
        Orense; Palencia; Pontevedra; Salamanca; Santa Cruz de Tenerife; Tenerife; Segovia;
        Sevilla; Soria; Tarragona; Teruel; Toledo; Valencia; València; Valladolid; Zamora;
        Zaragoza""",
    "MX": """Aguascalientes; Baja California; Baja California Sur; Campeche; Chiapas; Chihuahua;
        CDMX; Ciudad de México; Coahuila; Colima; Durango; Estado de México; Edo. de México;
        Guanajuato; Guerrero; Hidalgo; Jalisco; Jal.;
        Q. Roo; Gto.; Pue.; Chih.; Coah.; Tamps.; Mich.; Hgo.; Oax.; Michoacán; Morelos; Nayarit;
        Nuevo León;
        N.L.; Oaxaca; Puebla; Querétaro; Qro.; Quintana Roo; San Luis Potosí; Sinaloa; Sonora;
        Tabasco; Tamaulipas; Tlaxcala; Veracruz; Yucatán; Zacatecas""",
    "AR": """Buenos Aires; CABA; C.A.B.A.; Capital Federal; Catamarca; Chaco; Chubut; Córdoba;
        Corrientes; Entre Ríos; Formosa; Jujuy; La Pampa; La Rioja; Mendoza; Misiones; Neuquén;
        Río Negro; Salta; San Juan; San Luis; Santa Cruz; Santa Fe; Santiago del Estero; Tierra
        del Fuego; Tucumán""",
    "CO": """Antioquia; Atlántico; Bolívar; Boyacá; Caldas; Caquetá; Casanare; Cauca; Cesar;
        Córdoba; Cundinamarca; Huila; La Guajira; Magdalena; Meta; Nariño; Norte de Santander;
        Quindío; Risaralda; Santander; Sucre; Tolima; Valle del Cauca""",
    "IN": """Andhra Pradesh; Assam; Bihar; Chhattisgarh; Chandigarh; Delhi; Goa; Gujarat; Haryana;
        Himachal Pradesh; Jharkhand; Karnataka; Kerala; Madhya Pradesh; Maharashtra; Manipur;
        Meghalaya; Odisha; Orissa; Puducherry; Punjab; Rajasthan; Sikkim; Tamil Nadu; Tamilnadu;
        Telangana; Tripura; Uttar Pradesh; Uttarakhand; West Bengal""",
}  # fmt: skip


def _countries() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for country, names in _NAMES.items():
        for name in names.split(";"):
            key = folded(name)
            found[key] = (*found.get(key, ()), country)
    return MappingProxyType(found)


_COUNTRIES: Final = _countries()


def provinces_of(country: str) -> tuple[str, ...]:
    """The names of a country's provinces as they are written."""
    return tuple(" ".join(name.split()) for name in _NAMES[country].split(";"))


def countries_of_province(name: str) -> tuple[str, ...]:
    """The countries that have a province of this name; () for any other text.

    >>> countries_of_province("Entre Rios"), countries_of_province("Córdoba")
    (('AR',), ('ES', 'AR', 'CO'))
    """
    return _COUNTRIES.get(folded(name), ())
