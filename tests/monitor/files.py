"""Small downloads as users have them."""

from __future__ import annotations

from pathlib import Path

BACI = "BACI_HS92_Y{year}_V202501.csv"
COMTRADE = (
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,flowCode,"
    "partnerCode,partnerISO,partner2Code,classificationCode,cmdCode,customsCode,motCode,netWgt,"
    "cifvalue,fobvalue,primaryValue"
)
LEGACY = (
    "Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,"
    "Trade Flow,Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,"
    "Commodity Code,Commodity,Qty Unit Code,Qty Unit,Qty,Netweight (kg),Trade Value (US$),Flag"
)


def baci(folder: Path, *lines: str, year: int = 2016, header: str = "t,i,j,k,v,q") -> Path:
    """A year of BACI."""
    path = folder / BACI.format(year=year)
    path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    return path


def comtrade_line(
    reporter: int = 156, partner: int = 408, flow: str = "M", product: str = "270111",
    value: float = 1.2e9, kg: str = "22480000000", edition: str = "H4", period: str = "2016",
    partner2: str = "0", customs: str = "C00", transport: str = "0",
) -> str:  # fmt: skip
    """A row as UN Comtrade writes it today."""
    return (
        f"C,A,20160101,{period[:4]},52,{period},{reporter},CHN,{flow},{partner},PRK,{partner2},"
        f"{edition},{product},{customs},{transport},{kg},,,{value:.1f}"
    )


def comtrade(
    folder: Path, *lines: str, name: str = "TradeData.csv", header: str = COMTRADE
) -> Path:
    """A download of UN Comtrade."""
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    return path


def legacy_line(
    flow: int = 1, reporter: int = 156, partner: int = 408, product: str = "270111",
    value: int = 1_200_000_000,
) -> str:  # fmt: skip
    """A row as UN Comtrade wrote it until 2022."""
    words = {1: "Import", 2: "Export", 3: "Re-Export"}[flow]
    return (
        f"H4,2016,2016,2016,6,1,{flow},{words},{reporter},China,CHN,{partner},\"Dem. People's Rep. "
        f'of Korea",PRK,{product},Anthracite,8,Weight in kilograms,22480000,22480000,{value},0'
    )
