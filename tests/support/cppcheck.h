/* cppcheck.h - macros of foreign headers, told to cppcheck by --include. */
#define cJSON_ArrayForEach(element, array)                                                     \
    for (element = (array)->child; element; element = element->next)
