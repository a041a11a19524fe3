// The ring is optional even where its trait is on: a consumer's plain `swift build` must work
// on a machine without liburing-dev. CVarveSystem asks the same question and then reports the
// ring as absent.
#if __has_include(<liburing.h>)
#include <liburing.h>
#endif
