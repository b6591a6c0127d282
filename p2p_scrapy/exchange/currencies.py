"""The fiat currencies of the exchange, in the order in which its fiat-list names them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Currency:
    """A fiat currency.

    Attributes:
        code: ISO 4217 code, e.g. ``VES``.
        country: ISO 3166 code of the country whose flag the exchange shows, or ``UN`` for none.
        symbol: as in ``adv.fiatSymbol``.
        scale: decimals of an amount.
        per_dollar: units of this currency for one US dollar on its P2P market, roughly.
        busyness: how many ads its markets hold, relative to the others.
    """

    code: str
    country: str
    symbol: str
    scale: int
    per_dollar: float
    busyness: float


_TAIL = """
AFN AF ؋ 2 70|ALL AL L 2 84|AOA AO Kz 2 1050|AZN AZ ₼ 2 1.7|BAM BA KM 2 1.7
BIF BI FBu 0 5900|BND BN B$ 2 1.29|BSD BS B$ 2 1|BWP BW P 2 14.2|BYN BY Br 2 3.1
BZD BZ BZ$ 2 2.01|CDF CD FC 2 2600|CNY CN ¥ 2 7.1|CRC CR ₡ 2 505|CVE CV Esc 2 95
DJF DJ Fdj 0 178|DKK DK kr 2 6.4|ERN ER Nfk 2 15|GMD GM D 2 72|GNF GN FG 0 8700
GTQ GT Q 2 7.7|HNL HN L 2 26.2|HTG HT G 2 131|IQD IQ ع.د 3 1420|ISK IS kr 0 122
JMD JM J$ 2 160|JOD JO د.ا 3 0.71|KGS KG с 2 87.4|KMF KM CF 0 420|KWD KW د.ك 3 0.307
KYD KY CI$ 2 0.83|LRD LR L$ 2 183|LYD LY ل.د 3 7.4|MDL MD L 2 16.9|MGA MG Ar 2 4450
MKD MK ден 2 53|MOP MO MOP$ 2 8.05|MRU MR UM 2 39.8|MWK MW MK 2 3900|MZN MZ MT 2 67
NAD NA N$ 2 17.3|NIO NI C$ 2 36.7|PGK PG K 2 4.2|RSD RS дин 2 101|SCR SC SR 2 14.3
SLE SL Le 2 23.2|SOS SO Sh 2 571|SYP SY £S 2 11600|TJS TJ SM 2 9.3|TMT TM m 2 19.5
TTD TT TT$ 2 7.6|YER YE ر.ي 2 1640|ZMW ZM ZK 2 23.4|ZWG ZW ZiG 2 32
"""  # noqa: RUF001  foreign letters are meant
"""The small ones: code, country, symbol, scale, units a dollar."""

_MAIN = """
VND VN ₫ 0 26350|UAH UA ₴ 2 42.7|COP CO $ 2 3920|BRL BR R$ 2 5.47|ARS AR $ 2 1480
PEN PE S/ 2 3.45|ZAR ZA R 2 17.6|MXN MX $ 2 18.4|HKD HK HK$ 2 7.79|GBP GB £ 2 0.75
KES KE KSh 2 130.4|AUD AU A$ 2 1.53|CAD CA C$ 2 1.4|VES VE Bs. 2 302|INR IN ₹ 2 94.3
IDR ID Rp 2 16650|KZT KZ ₸ 2 541|USD US $ 2 1.012|JPY JP ¥ 0 151|THB TH ฿ 2 32.6
PHP PH ₱ 2 58.3|TWD TW NT$ 2 30.7|SAR SA ﷼ 2 3.78|BDT BD ৳ 2 126|EGP EG ج.م 2 48.6
AED AE د.إ 3 3.68|MAD MA د.م. 2 9.6|PKR PK ₨ 2 283|CHF CH Fr. 2 0.81|SEK SE kr 2 9.5
TRY TR ₺ 2 42.1|UGX UG USh 0 3560|LBP LB ل.ل 2 89700|AMD AM ֏ 2 384|GEL GE ₾ 2 2.73
UYU UY $U 2 40.2|CLP CL $ 0 962|XAF CM FCFA 0 607|DZD DZ د.ج 2 243|PYG PY ₲ 0 7150
BOB BO Bs. 2 11.9|LKR LK Rs 2 309|PAB PA B/. 2 1.01|NZD NZ NZ$ 2 1.75|KHR KH ៛ 2 4050
LAK LA ₭ 2 21900|DOP DO RD$ 2 63.4|QAR QA ر.ق 2 3.69|BHD BH .د.ب 3 0.38|OMR OM ر.ع. 3 0.387
TND TN د.ت 3 3.05|SDG SD ج.س 2 3350|MNT MN ₮ 2 3590|UZS UZ so'm 2 12250|NPR NP रू 2 148
TZS TZ TSh 2 2480|XOF UN CFA 0 612|RWF RW FRw 0 1460
"""
"""The main ones, busiest first."""


def _parse(table: str, first: float, fade: float) -> list[Currency]:
    rows = [row.split() for line in table.split("\n") for row in line.split("|") if row]
    return [
        Currency(code, country, symbol, int(scale), float(rate), first / (1 + fade * place))
        for place, (code, country, symbol, scale, rate) in enumerate(rows)
    ]


CURRENCIES: tuple[Currency, ...] = (*_parse(_TAIL, 0.02, 0.05), *_parse(_MAIN, 1.0, 0.16))
"""All 112, in the order of the fiat-list answer of 2026-10-11: the small ones first."""
