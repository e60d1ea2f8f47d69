/*
 * layout.h - every field of the plugin ABI, in one list a minor version.
 *
 * Include a policy_plugin.h first; layout_here is then how that header lays the
 * structs out, as far as its version goes.  layout_1_0.c and its sisters do so
 * with the frozen headers, test_abi.c with today's, and they are compared:
 * nothing that an older version had may move.
 */
#ifndef TESTS_ABI_LAYOUT_H
#define TESTS_ABI_LAYOUT_H

#include <stddef.h>

struct layout {
    const char *name; /* "policy_party.name", or "policy_party" for the whole */
    size_t offset;
    size_t size;
};

/* clang-format off */
#define LAYOUT_FIELDS_1_0(S, X) \
    S(policy_party) \
    X(policy_party, size) \
    X(policy_party, owner_count) \
    X(policy_party, name) \
    X(policy_party, country) \
    X(policy_party, account) \
    X(policy_party, address) \
    X(policy_party, kind) \
    X(policy_party, born_on) \
    X(policy_party, incorporated_on) \
    X(policy_party, owners) \
    X(policy_party, identifiers) \
    X(policy_party, identifier_count) \
    S(policy_owner) \
    X(policy_owner, size) \
    X(policy_owner, share_millionths) \
    X(policy_owner, name) \
    S(policy_identifier) \
    X(policy_identifier, size) \
    X(policy_identifier, scheme) \
    X(policy_identifier, value) \
    S(policy_agent) \
    X(policy_agent, size) \
    X(policy_agent, bic) \
    X(policy_agent, name) \
    X(policy_agent, country) \
    X(policy_agent, cnaps) \
    S(policy_goods) \
    X(policy_goods, size) \
    X(policy_goods, hs6) \
    X(policy_goods, hs_code) \
    X(policy_goods, description) \
    X(policy_goods, unit) \
    X(policy_goods, origin) \
    X(policy_goods, end_use) \
    X(policy_goods, end_user) \
    X(policy_goods, quantity) \
    X(policy_goods, value_minor) \
    S(policy_vessel) \
    X(policy_vessel, size) \
    X(policy_vessel, name) \
    X(policy_vessel, imo) \
    X(policy_vessel, flag) \
    S(policy_payment) \
    X(policy_payment, size) \
    X(policy_payment, goods_count) \
    X(policy_payment, uetr) \
    X(policy_payment, end_to_end_id) \
    X(policy_payment, created_at_ms) \
    X(policy_payment, amount_minor) \
    X(policy_payment, currency) \
    X(policy_payment, rail) \
    X(policy_payment, charge_bearer) \
    X(policy_payment, debtor) \
    X(policy_payment, ultimate_debtor) \
    X(policy_payment, debtor_agent) \
    X(policy_payment, intermediary_agents) \
    X(policy_payment, creditor_agent) \
    X(policy_payment, creditor) \
    X(policy_payment, ultimate_creditor) \
    X(policy_payment, purpose_code) \
    X(policy_payment, purpose_text) \
    X(policy_payment, remittance_information) \
    X(policy_payment, goods) \
    X(policy_payment, contract) \
    X(policy_payment, destination_country) \
    X(policy_payment, route) \
    X(policy_payment, documents) \
    X(policy_payment, vessels) \
    X(policy_payment, intermediary_agent_count) \
    X(policy_payment, route_count) \
    X(policy_payment, document_count) \
    X(policy_payment, vessel_count) \
    S(policy_bank) \
    X(policy_bank, size) \
    X(policy_bank, bic) \
    X(policy_bank, name) \
    X(policy_bank, bank_class) \
    S(policy_goods_fact) \
    X(policy_goods_fact, size) \
    X(policy_goods_fact, tier) \
    X(policy_goods_fact, group) \
    X(policy_goods_fact, role) \
    S(policy_kit) \
    X(policy_kit, size) \
    X(policy_kit, part_count) \
    X(policy_kit, missing_count) \
    X(policy_kit, coverage) \
    X(policy_kit, kit) \
    X(policy_kit, title) \
    X(policy_kit, parts) \
    X(policy_kit, part_lines) \
    X(policy_kit, missing) \
    S(policy_facts) \
    X(policy_facts, size) \
    X(policy_facts, now_ms) \
    X(policy_facts, bank) \
    X(policy_facts, goods) \
    X(policy_facts, kits) \
    S(policy_reason) \
    X(policy_reason, code) \
    X(policy_reason, text) \
    S(policy_rule) \
    X(policy_rule, size) \
    X(policy_rule, action) \
    X(policy_rule, id) \
    X(policy_rule, title) \
    X(policy_rule, reason) \
    X(policy_rule, disclosed) \
    X(policy_rule, score) \
    S(policy_verdict) \
    X(policy_verdict, size) \
    X(policy_verdict, fire) \
    X(policy_verdict, because) \
    X(policy_verdict, because_goods) \
    X(policy_verdict, fail) \
    S(policy_host) \
    X(policy_host, size) \
    X(policy_host, abi) \
    X(policy_host, currency_decimals) \
    X(policy_host, money_parse) \
    X(policy_host, option) \
    X(policy_host, option_name) \
    S(policy_plugin) \
    X(policy_plugin, abi) \
    X(policy_plugin, size) \
    X(policy_plugin, name) \
    X(policy_plugin, version) \
    X(policy_plugin, open) \
    X(policy_plugin, check) \
    X(policy_plugin, close)

#define LAYOUT_FIELDS_1_1(S, X) \
    S(policy_hit) \
    X(policy_hit, size) \
    X(policy_hit, list) \
    X(policy_hit, entry) \
    X(policy_hit, field) \
    X(policy_hit, query) \
    X(policy_hit, matched) \
    X(policy_hit, score) \
    S(policy_window) \
    X(policy_window, size) \
    X(policy_window, count) \
    X(policy_window, sum_minor) \
    X(policy_window, counterparties) \
    X(policy_window, last_ms) \
    X(policy_facts, alloc) \
    X(policy_facts, hits) \
    X(policy_facts, history) \
    X(policy_facts, chance) \
    X(policy_host, pack_path) \
    X(policy_host, pack_text) \
    X(policy_host, pack_len) \
    X(policy_plugin, label)

#define LAYOUT_FIELDS_1_2(S, X) \
    X(policy_kit, across_payments) \
    X(policy_kit, part_from) \
    X(policy_window, refused) \
    X(policy_window, largest_minor) \
    S(policy_span) \
    X(policy_span, size) \
    X(policy_span, bank_days) \
    X(policy_span, least) \
    X(policy_span, likely) \
    X(policy_span, most) \
    X(policy_span, tail_share) \
    X(policy_span, tail_least) \
    X(policy_span, tail_most) \
    S(policy_end) \
    X(policy_end, size) \
    X(policy_end, action) \
    X(policy_end, otherwise) \
    X(policy_end, share) \
    X(policy_end, reason) \
    X(policy_end, disclosed) \
    S(policy_terms) \
    X(policy_terms, size) \
    X(policy_terms, ask_count) \
    X(policy_terms, lasts) \
    X(policy_terms, ends) \
    X(policy_terms, asks) \
    X(policy_terms, complete) \
    X(policy_terms, partial) \
    X(policy_terms, contradictory) \
    X(policy_rule, terms)
/* clang-format on */

#define LAYOUT_WHOLE(type) {#type, 0, sizeof(struct type)},
#define LAYOUT_FIELD(type, field)                                                              \
    {#type "." #field, offsetof(struct type, field), sizeof(((struct type *)0)->field)},

static const struct layout layout_here[] = {
    LAYOUT_FIELDS_1_0(LAYOUT_WHOLE, LAYOUT_FIELD)
#if POLICY_ABI_MINOR >= 1
        LAYOUT_FIELDS_1_1(LAYOUT_WHOLE, LAYOUT_FIELD)
#endif
#if POLICY_ABI_MINOR >= 2
            LAYOUT_FIELDS_1_2(LAYOUT_WHOLE, LAYOUT_FIELD)
#endif
};

#endif
