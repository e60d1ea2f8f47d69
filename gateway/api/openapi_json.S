/* The contract as bytes of the program, so that it cannot be missing at run time. */
    .section .rodata
    .global openapi_json, openapi_json_end
    .hidden openapi_json, openapi_json_end
openapi_json:
    .incbin "gateway/api/openapi.json"
openapi_json_end:
    .section .note.GNU-stack, "", @progbits
