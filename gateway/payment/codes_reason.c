/*
 * codes_reason.c - the ISO 20022 reason codes, by the message that carries them.
 *
 * Source: ISO 20022 External Code Sets, publication of the first quarter of
 * 2025.  The tables are sorted.  LEGL is in none: it explains a rejected
 * cancellation (camt.029), and in 2024 nobody could send it with a payment.
 */
#include <stddef.h>
#include <string.h>

#include "gateway/payment/codes.h"

#define REASON_LENGTH 4
#define COUNT(table)  (sizeof(table) / sizeof((table)[0]))

/* ExternalStatusReason1Code: pacs.002 */
static const char status_reasons[][REASON_LENGTH + 1] = {
    /* clang-format off */
    "AB01", "AB02", "AB03", "AB04", "AB05", "AB06", "AB07", "AB08", "AB09", "AB10", "AB11",
    "AB12", "AB13", "AB15", "AB21", "AB26", "AC01", "AC02", "AC03", "AC04", "AC05", "AC06",
    "AC07", "AC08", "AC09", "AC10", "AC11", "AC12", "AC13", "AC14", "AC15", "AC16", "AEXR",
    "AG01", "AG02", "AG03", "AG04", "AG05", "AG06", "AG07", "AG08", "AG09", "AG10", "AG11",
    "AG12", "AG13", "AGNT", "ALAC", "AM01", "AM02", "AM03", "AM04", "AM05", "AM06", "AM07",
    "AM09", "AM10", "AM11", "AM12", "AM13", "AM14", "AM15", "AM16", "AM17", "AM18", "AM19",
    "AM20", "AM21", "AM22", "AM23", "AMSE", "APAR", "ARFR", "ARJR", "ATNS", "BDAY", "BE01",
    "BE04", "BE05", "BE06", "BE07", "BE08", "BE09", "BE10", "BE11", "BE12", "BE13", "BE14",
    "BE15", "BE16", "BE17", "BE18", "BE19", "BE20", "BE21", "BE22", "BE23", "CERI", "CH03",
    "CH04", "CH07", "CH09", "CH10", "CH11", "CH12", "CH13", "CH14", "CH15", "CH16", "CH17",
    "CH19", "CH20", "CH21", "CH22", "CHCO", "CHQC", "CHRG", "CN01", "CNNS", "CNOR", "CURR",
    "CUST", "DC02", "DNOR", "DS01", "DS02", "DS03", "DS04", "DS05", "DS06", "DS07", "DS08",
    "DS09", "DS0A", "DS0B", "DS0C", "DS0D", "DS0E", "DS0F", "DS0G", "DS0H", "DS0K", "DS10",
    "DS11", "DS12", "DS13", "DS14", "DS15", "DS16", "DS17", "DS18", "DS19", "DS20", "DS21",
    "DS22", "DS23", "DS24", "DS25", "DS26", "DS27", "DS28", "DT01", "DT02", "DT03", "DT04",
    "DT05", "DT06", "DU01", "DU02", "DU03", "DU04", "DU05", "DUPL", "ED01", "ED03", "ED05",
    "ED06", "EDNA", "EDTL", "EDTR", "EOL1", "ERIN", "FF01", "FF02", "FF03", "FF04", "FF05",
    "FF06", "FF07", "FF08", "FF09", "FF10", "FF11", "FF12", "FF13", "FOCR", "FR01", "FRAD",
    "G000", "G001", "G002", "G003", "G004", "G005", "G006", "ID01", "IEDT", "INAR", "INDT",
    "IPNS", "IRNR", "ISWS", "MD01", "MD02", "MD05", "MD06", "MD07", "MINF", "MS02", "MS03",
    "NARR", "NERI", "NOAR", "NOAS", "NOCM", "NOFR", "NOPG", "NRCH", "OSNS", "PINS", "RC01",
    "RC02", "RC03", "RC04", "RC05", "RC06", "RC07", "RC08", "RC09", "RC10", "RC11", "RC12",
    "RC13", "RC15", "RC16", "RCON", "RECI", "REPR", "RF01", "RQNR", "RR01", "RR02", "RR03",
    "RR04", "RR05", "RR06", "RR07", "RR08", "RR09", "RR10", "RR11", "RR12", "RTNS", "RUTA",
    "S000", "S001", "S002", "S003", "S004", "SBRN", "SL01", "SL02", "SL03", "SL11", "SL12",
    "SL13", "SL14", "SL15", "SL16", "SL17", "SL18", "SNRD", "SPII", "TA01", "TD01", "TD02",
    "TD03", "TK01", "TK02", "TK03", "TK09", "TKCM", "TKSG", "TKSP", "TKVE", "TKXP", "TM01",
    "TS01", "TS04", "UCRD", "UPAY",
    /* clang-format on */
};

/* ExternalReturnReason1Code: pacs.004 */
static const char return_reasons[][REASON_LENGTH + 1] = {
    /* clang-format off */
    "AC01", "AC02", "AC03", "AC04", "AC06", "AC07", "AC13", "AC14", "AC15", "AC16", "AC17",
    "AG01", "AG02", "AG07", "AGNT", "AM01", "AM02", "AM03", "AM04", "AM05", "AM06", "AM07",
    "AM09", "AM10", "ARDT", "BE01", "BE04", "BE05", "BE06", "BE07", "BE08", "BE10", "BE11",
    "BE16", "BE17", "CN01", "CNOR", "CNPC", "CURR", "CUST", "DC04", "DNOR", "DS28", "DT01",
    "DT02", "DT04", "DUPL", "ED01", "ED03", "ED05", "EMVL", "ERIN", "FF03", "FF04", "FF05",
    "FF06", "FF07", "FOCR", "FR01", "FRTR", "G004", "MD01", "MD02", "MD05", "MD06", "MD07",
    "MS02", "MS03", "NARR", "NOAS", "NOCM", "NOOR", "PINL", "RC01", "RC03", "RC04", "RC07",
    "RC08", "RC11", "RF01", "RR01", "RR02", "RR03", "RR04", "RR05", "RR06", "RR07", "RR08",
    "RR09", "RR11", "RR12", "RUTA", "SL01", "SL02", "SL11", "SL12", "SL13", "SL14", "SP01",
    "SP02", "SVNR", "TM01", "TRAC", "UPAY",
    /* clang-format on */
};

/* ExternalCancellationReason1Code: camt.056 */
static const char cancellation_reasons[][REASON_LENGTH + 1] = {
    /* clang-format off */
    "AC02", "AC03", "AGNT", "AM09", "BE16", "BIAS", "COVR", "CURR", "CUST", "CUTA", "DRTP",
    "DS24", "DT01", "DUPL", "ECAG", "ENUE", "FRAD", "FRNA", "FRTR", "INCR", "INDM", "MD06",
    "MODT", "NARR", "NFNA", "PAID", "PPRC", "SVNR", "SYAD", "TECH", "UAPA", "UPAY", "WNTB",
    /* clang-format on */
};

static bool
reason_in(const char (*table)[REASON_LENGTH + 1], size_t count, const char *text)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(text, table[middle]);

        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

bool
code_is_status_reason(const char *text)
{
    return reason_in(status_reasons, COUNT(status_reasons), text);
}

bool
code_is_return_reason(const char *text)
{
    return reason_in(return_reasons, COUNT(return_reasons), text);
}

bool
code_is_cancellation_reason(const char *text)
{
    return reason_in(cancellation_reasons, COUNT(cancellation_reasons), text);
}
