// libjpeg's own speed: the files of a folder, decoded to RGB by so many threads and nothing more. What every toolkit that
// reads JPEG by this library is bound by.
//
//   cc -O2 libjpeg.c -ljpeg -lpthread -o libjpeg && ./libjpeg FOLDER THREADS SECONDS LEAST
//
// LEAST: 0 for full decoding; otherwise the library shrinks by 2, 4 or 8 where as many pixels are left on either side.
// Prints images a second, and the version of the library that it was compiled with.
#include <stdio.h>

#include <dirent.h>
#include <jpeglib.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char **paths;
static size_t count;
static unsigned least;
static double end;
static atomic_size_t next, done, failed;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static jmp_buf *escapeOf(j_common_ptr common) { return common->client_data; }

static void fail(j_common_ptr common) { longjmp(*escapeOf(common), 1); }

static void keepQuiet(j_common_ptr common) { (void)common; }

static unsigned char *readFile(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  fseek(file, 0, SEEK_END);
  const long length = ftell(file);
  rewind(file);
  unsigned char *bytes = length > 0 ? malloc((size_t)length) : NULL;
  *size = bytes == NULL ? 0 : fread(bytes, 1, (size_t)length, file);
  fclose(file);
  return bytes;
}

static int decode(const char *path) {
  size_t size = 0;
  unsigned char *bytes = readFile(path, &size);
  unsigned char *volatile pixels = NULL;
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr manager;
  jmp_buf escape;
  int isDecoded = 0;
  if (bytes == NULL) return 0;
  jpeg.err = jpeg_std_error(&manager);
  manager.error_exit = fail;
  manager.output_message = keepQuiet;
  jpeg_create_decompress(&jpeg);
  jpeg.client_data = &escape;
  if (setjmp(escape) == 0) {
    jpeg_mem_src(&jpeg, bytes, size);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = JCS_RGB;
    jpeg.scale_num = 1;
    for (jpeg.scale_denom = 8; jpeg.scale_denom > 1; jpeg.scale_denom /= 2)
      if (least > 0 && jpeg.image_width >= least * jpeg.scale_denom && jpeg.image_height >= least * jpeg.scale_denom) break;
    jpeg_start_decompress(&jpeg);
    const size_t stride = (size_t)jpeg.output_width * 3;
    pixels = malloc(stride * jpeg.output_height);
    while (pixels != NULL && jpeg.output_scanline < jpeg.output_height) {
      JSAMPROW row = pixels + jpeg.output_scanline * stride;
      jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_decompress(&jpeg);
    isDecoded = pixels != NULL;
  }
  jpeg_destroy_decompress(&jpeg);
  free(pixels);
  free(bytes);
  return isDecoded;
}

static void *work(void *none) {
  while (now() < end) {
    const int isDecoded = decode(paths[atomic_fetch_add(&next, 1) % count]);
    atomic_fetch_add(isDecoded ? &done : &failed, 1);
  }
  return none;
}

static double rate(long threads, double seconds) {
  pthread_t workers[64];
  const double start = now();
  end = start + seconds;
  done = 0;
  for (long i = 0; i < threads; i++) pthread_create(&workers[i], NULL, work, NULL);
  for (long i = 0; i < threads; i++) pthread_join(workers[i], NULL);
  return (double)done / (now() - start);
}

static int byName(const void *one, const void *other) { return strcmp(*(char *const *)one, *(char *const *)other); }

int main(int argumentCount, char **arguments) {
  if (argumentCount != 5) return fprintf(stderr, "libjpeg FOLDER THREADS SECONDS LEAST\n"), 64;
  DIR *folder = opendir(arguments[1]);
  if (folder == NULL) return perror(arguments[1]), 1;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    const char *ending = strrchr(entry->d_name, '.');
    if (ending == NULL || (strcmp(ending, ".jpg") != 0 && strcmp(ending, ".jpeg") != 0)) continue;
    char **more = realloc(paths, (count + 1) * sizeof *paths);
    const size_t length = strlen(arguments[1]) + strlen(entry->d_name) + 2;
    char *path = malloc(length);
    if (more == NULL || path == NULL) return fprintf(stderr, "out of memory\n"), 1;
    snprintf(path, length, "%s/%s", arguments[1], entry->d_name);
    (paths = more)[count++] = path;
  }
  closedir(folder);
  if (count == 0) return fprintf(stderr, "there is no JPEG in %s\n", arguments[1]), 1;
  qsort(paths, count, sizeof *paths, byName);
  const long threads = atol(arguments[2]);
  const double seconds = atof(arguments[3]);
  if (threads < 1 || threads > 64) return fprintf(stderr, "THREADS must be 1 to 64\n"), 64;
  least = (unsigned)atoi(arguments[4]);
  rate(threads, seconds / 5 > 0.5 ? seconds / 5 : 0.5);  // files into the system's cache
  const double images = rate(threads, seconds);
  if (failed > 0) return fprintf(stderr, "%zu files could not be decoded\n", (size_t)failed), 1;
#ifdef LIBJPEG_TURBO_VERSION
#define TEXT(value) #value
#define VALUE(value) TEXT(value)
  printf("%.3f %s\n", images, VALUE(LIBJPEG_TURBO_VERSION));
#else
  printf("%.3f %d\n", images, JPEG_LIB_VERSION);
#endif
  return 0;
}
