#ifndef FOVEA_PLUGIN_H
#define FOVEA_PLUGIN_H

#include <stdint.h>

/* What a plugin and the program that loads it tell each other before any Swift object passes between them.
 *
 * A plugin in the file libNAME.so exports two C functions:
 *
 *   const struct fovea_plugin_information *fovea_plugin_information_NAME(void);
 *   void fovea_plugin_enter_NAME(void *slot);
 *
 * They carry the name, so that a program may also link to several plugins without loading them.
 *
 * The first returns plain data and is called first. Where the data differ from the program's own, nothing else of the
 * plugin is ever called. The second writes the plugin's type, a Swift `(any Plugin.Type)?`, into `slot`. */

/* Raised whenever the two functions, this structure or the meaning of the slot change, and whenever a protocol changes that
 * plugins' types conform to: their tables of functions are made when the plugin is compiled.
 *
 * 2: a layer is a trainable operator; kinds say what their contract is. */
#define FOVEA_PLUGIN_API 2

/* By the rules of semantic versioning; the one place where it is written down. */
#define FOVEA_TOOLKIT_VERSION "0.1.0"

/* What the names of the two functions begin with. */
#define FOVEA_PLUGIN_INFORMATION_PREFIX "fovea_plugin_information_"
#define FOVEA_PLUGIN_ENTER_PREFIX "fovea_plugin_enter_"

struct fovea_plugin_information {
  /* FOVEA_PLUGIN_API; where it differs, the other fields may mean anything. */
  uint32_t api;
  /* The compiler in its own words: Swift's number, then the exact revision of the LLVM that it is built on. */
  const char *compiler;
  /* FOVEA_TOOLKIT_VERSION. */
  const char *toolkit;
};

#define FOVEA_TEXT_OF(x) #x
#define FOVEA_TEXT(x) FOVEA_TEXT_OF(x)
#ifdef __swift__
#define FOVEA_COMPILER "Swift " FOVEA_TEXT(__swift__) ", " __VERSION__
#else
#define FOVEA_COMPILER __VERSION__
#endif

/* Static and inline, so that it is compiled into whoever calls it and tells of the compiler and headers that were used
 * there. A function of a library would tell of those of the program, whose symbols come first. */
static inline const struct fovea_plugin_information *fovea_information_of_this_build(void) {
  static const struct fovea_plugin_information information = {FOVEA_PLUGIN_API, FOVEA_COMPILER, FOVEA_TOOLKIT_VERSION};
  return &information;
}

#endif
