// All is in the header, and for a reason that it gives; a package's target needs a source file.
#include "CFoveaPlugin.h"
