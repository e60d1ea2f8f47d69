/*
 * policy_eval.c - CEL expressions, one a line of JSON, and their values.
 *
 *     {"id": "1", "expr": "x + 1", "bindings": {"x": {"type": "int", "value": "41"}}}
 *     {"id":"1","type":"int","value":"42"}
 *
 *     {"id": "2", "expr": "1 +", "container": "a.b"}
 *     {"id":"2","error":"1:4: expected ..."}
 *
 * bindings and container (the namespace names are looked up in) may be missing,
 * other members are passed over.  A line that is no JSON object is answered with
 * id null.  Nothing ends the run but the end of the lines.
 */
#include <stdlib.h>

#include "clients/cel_json.h"
#include "clients/input.h"
#include "clients/lines.h"
#include "clients/policy.h"
#include "gateway/base/json.h"
#include "policy/rules/cel/program.h"

#define ANSWER_BYTES_FIRST 512
#define NESTING_MAX        256 /* brackets; a map in a map takes three */

struct request {
    const cJSON *id; /* NULL: none known yet */
    const char *expr;
    struct cel_environment environment;
    struct cel_variable *variables;
    struct cel_value *values; /* of the variables */
    struct cel_program *program;
};

static void *
run_alloc(void *context, size_t bytes)
{
    return arena_alloc(context, bytes);
}

/* -- the request -- */

static int
bindings_read(struct cel_run *run, const struct value *bindings, struct request *request,
              struct error *err)
{
    size_t count = (size_t)cJSON_GetArraySize(bindings->json);
    struct value binding = {0};

    if (!bindings->json)
        return 0;
    if (!cJSON_IsObject(bindings->json))
        return value_fault(bindings, err, "an object of names and values");
    request->variables = arena_alloc(run->context, count * sizeof(*request->variables));
    request->values = arena_alloc(run->context, count * sizeof(*request->values));
    for (size_t i = 0; value_next(bindings, &binding); i++) {
        request->variables[i] =
            (struct cel_variable){.name = binding.name, .type = &cel_types[CEL_DYN]};
        if (cel_json_read(run, &binding, &request->values[i], err) != 0)
            return -1;
    }
    request->environment.variables = request->variables;
    request->environment.variable_count = count;
    return 0;
}

static int
container_read(const struct value *container, struct request *request, struct error *err)
{
    if (!container->json)
        return 0;
    if (!cJSON_IsString(container->json))
        return value_fault(container, err, "a qualified name such as \"a.b\"");
    request->environment.container = container->json->valuestring;
    return 0;
}

static int
request_read(struct cel_run *run, const struct lines *lines, const char *line, size_t len,
             struct request *request, struct error *err)
{
    struct document document = {.path = arena_printf(run->context, "line %zu", lines->line)};
    struct value root, expr, bindings, container;
    struct error why = {0};
    cJSON *json = NULL;

    *request = (struct request){.environment = {.lenient = true}};
    if (len > LINE_BYTES_MAX)
        return error_set(err, ERROR_INVALID, "%s: more than %u bytes", document.path,
                         LINE_BYTES_MAX);
    if (json_parse_deep(run->context, line, len, NESTING_MAX, &json, &why) != 0)
        return error_set(err, ERROR_INVALID, "%s: not JSON: %.300s", document.path, why.text);
    document.root = json;
    root = value_root(&document);
    if (!cJSON_IsObject(json))
        return value_fault(&root, err, "an object");
    request->id = cJSON_GetObjectItemCaseSensitive(json, "id");
    expr = value_member(&root, "expr");
    bindings = value_member(&root, "bindings");
    container = value_member(&root, "container");
    if (!cJSON_IsString(expr.json))
        return value_fault(&expr, err, "a CEL expression");
    request->expr = expr.json->valuestring;
    return container_read(&container, request, err) != 0
               ? -1
               : bindings_read(run, &bindings, request, err);
}

/* -- the value -- */

static int
fault_tell(const char *source, const struct cel_fault *fault, struct error *err)
{
    uint32_t line, column;

    cel_position(source, strlen(source), fault->at, &line, &column);
    return error_set(err, ERROR_INVALID, "%u:%u: %s", line, column, fault->text);
}

/* The program must outlive the value, which may be a constant of it. */
static struct cel_value
tree_evaluate(struct cel_run *run, struct request *request, const struct cel_node *root)
{
    struct cel_frame frame;
    uint32_t expression;

    request->program = cel_program_new(&request->environment, true);
    expression = cel_program_add(request->program, root, "");
    cel_program_seal(request->program);
    cel_frame_init(&frame, request->program, run, request->values, NULL);
    return cel_evaluate(&frame, expression);
}

static int
request_evaluate(struct cel_run *run, struct request *request, struct cel_value *value,
                 struct error *err)
{
    struct arena *arena = run->context;
    struct cel_fault fault;
    struct cel_node *root;

    if (cel_parse(arena, request->expr, strlen(request->expr), &root, &fault) != 0 ||
        cel_check(arena, &request->environment, root, NULL, &fault) != 0)
        return fault_tell(request->expr, &fault, err);
    *value = tree_evaluate(run, request, root);
    if (value->kind != CEL_ERROR && !cel_json_fits(*value))
        return error_set(err, ERROR_INVALID, "the value is too long to be written");
    if (value->kind != CEL_ERROR)
        return 0;
    if (strcmp(value->text, fault.text) == 0) /* a name that is not known: its place is */
        return fault_tell(request->expr, &fault, err);
    return error_set(err, ERROR_INVALID, "%s", value->text);
}

/* -- the answer -- */

static void
id_write(struct buffer *out, const cJSON *id)
{
    json_key(out, "id");
    if (cJSON_IsString(id))
        json_string(out, id->valuestring);
    else if (cJSON_IsNumber(id))
        json_number(out, id->valuedouble);
    else
        json_null(out);
}

static void
line_answer(struct arena *arena, const struct lines *lines, const char *line, size_t len)
{
    struct cel_run run = {.alloc = run_alloc,
                          .context = arena,
                          .memory_left = CEL_MEMORY_MAX,
                          .steps_left = CEL_STEPS_MAX};
    struct error err = {0};
    struct request request;
    struct cel_value value;
    struct buffer out;
    int rc = request_read(&run, lines, line, len, &request, &err);

    if (rc == 0)
        rc = request_evaluate(&run, &request, &value, &err);
    buffer_init(&out, arena, ANSWER_BYTES_FIRST);
    json_open(&out, '{');
    id_write(&out, request.id);
    if (rc == 0)
        cel_json_members(&out, value);
    else
        json_member(&out, "error", err.text);
    json_close(&out, '}');
    buffer_text(&out, "\n");
    fwrite(out.data, 1, out.len, stdout);
    cel_program_free(request.program);
}

static bool
is_blank(const char *line, size_t len)
{
    while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t' || line[len - 1] == '\r'))
        len--;
    return len == 0;
}

int
policy_eval(const struct options *options)
{
    struct arena arena = {0};
    struct error err = {0};
    struct lines lines;
    const char *line;
    size_t len;
    int got;

    if (lines_open(&lines, options->argument_count > 0 ? options->arguments[0] : "-", &err) !=
        0)
        return command_complain(STATUS_USAGE, &err);
    while ((got = lines_next(&lines, &line, &len, &err)) > 0) {
        if (!is_blank(line, len))
            line_answer(&arena, &lines, line, len);
        arena_reset(&arena);
        if (!lines_ready(&lines) && fflush(stdout) != 0)
            break; /* nobody reads on: main() says so */
    }
    lines_release(&lines);
    arena_release(&arena);
    return got < 0 ? command_complain(STATUS_USAGE, &err) : STATUS_DONE;
}
