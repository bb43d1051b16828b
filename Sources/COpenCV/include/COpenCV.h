// C ABI over the few parts of OpenCV that Fovea uses. Nothing here throws: every function that can fail returns a
// status and, where it is not FCV_OK, writes a message into `error` (which may be NULL).
//
// Colors and channels are in the order red, green, blue, alpha everywhere, although OpenCV's own order differs.
// Buffers belong to the caller; rows are packed, channels interleaved.
#ifndef FOVEA_COPENCV_H
#define FOVEA_COPENCV_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum FCVStatus {
  FCV_OK = 0,
  FCV_BAD_ARGUMENT = 1,   // a null pointer, an empty size, a mismatch of views
  FCV_UNDECODABLE = 2,    // the decoder gave up
  FCV_OUT_OF_MEMORY = 3,
  FCV_FAILED = 4,         // OpenCV threw; its words are in the message
} FCVStatus;

typedef struct FCVError {
  char message[256];  // UTF-8, always terminated
} FCVError;

typedef enum FCVDepth { FCV_UINT8 = 0, FCV_FLOAT32 = 1 } FCVDepth;

typedef struct FCVView {
  void *data;
  int32_t width, height, channels;  // channels: 1 to 4
  FCVDepth depth;
} FCVView;

typedef enum FCVInterpolation { FCV_NEAREST = 0, FCV_BILINEAR = 1 } FCVInterpolation;

// The version of the OpenCV that runs, such as "4.6.0".
const char *fcv_version(void);

// How many threads OpenCV may use inside one call; 0 and 1: none but the caller's.
void fcv_set_thread_count(int32_t count);
int32_t fcv_thread_count(void);

// MARK: Reading and writing

typedef struct FCVDecodeOptions {
  int32_t channels;      // 1 gray, 3 RGB, 4 RGBA
  int32_t orientation;   // EXIF's 1 to 8; the caller reads it from the file
  int32_t keeps_alpha;   // not 0: the file has transparency; without a fourth channel it is laid over white
} FCVDecodeOptions;

typedef struct FCVPicture FCVPicture;

// Decodes into memory of its own; `fcv_picture_copy` takes the pixels out and `fcv_picture_free` ends it.
FCVStatus fcv_decode(const uint8_t *bytes, size_t count, const FCVDecodeOptions *options, FCVPicture **picture,
                     FCVError *error);
int32_t fcv_picture_width(const FCVPicture *picture);
int32_t fcv_picture_height(const FCVPicture *picture);
// `destination` holds width × height × channels bytes, with the channels that were asked for.
FCVStatus fcv_picture_copy(const FCVPicture *picture, uint8_t *destination, size_t count, FCVError *error);
void fcv_picture_free(FCVPicture *picture);

typedef struct FCVBytes FCVBytes;

// 8-bit gray, RGB or RGBA. Compression from 0 (fast) to 9 (small).
FCVStatus fcv_encode_png(FCVView image, int32_t compression, FCVBytes **bytes, FCVError *error);
// 8-bit gray or RGB. Quality from 1 to 100.
FCVStatus fcv_encode_jpeg(FCVView image, int32_t quality, FCVBytes **bytes, FCVError *error);
const uint8_t *fcv_bytes_data(const FCVBytes *bytes);
size_t fcv_bytes_count(const FCVBytes *bytes);
void fcv_bytes_free(FCVBytes *bytes);

// MARK: Videos, one frame after the other

typedef struct FCVVideo FCVVideo;

FCVStatus fcv_video_open(const char *path, FCVVideo **video, FCVError *error);
int32_t fcv_video_width(const FCVVideo *video);
int32_t fcv_video_height(const FCVVideo *video);
// What the file says, or 0.
int64_t fcv_video_frames(const FCVVideo *video);
// Goes on to the next frame; `hasFrame` is 0 at the end, and where the rest is damaged.
FCVStatus fcv_video_grab(FCVVideo *video, int32_t *hasFrame, FCVError *error);
// Of the frame that it is at.
double fcv_video_seconds(const FCVVideo *video);
// Writes width × height × 3 bytes.
FCVStatus fcv_video_frame(FCVVideo *video, uint8_t *destination, size_t count, FCVError *error);
// What FFmpeg has said of what is wrong since a video was last opened, or an empty text.
void fcv_video_words(FCVError *error);
void fcv_video_free(FCVVideo *video);

// MARK: Geometry and color. `to` is written, and has the size wanted.

FCVStatus fcv_resize(FCVView from, FCVView to, FCVInterpolation interpolation, FCVError *error);
// Gaussian; the edge's pixels are mirrored about their centers. `deviation` is in pixels.
FCVStatus fcv_blur(FCVView from, FCVView to, double deviation, FCVError *error);
// gray ↔ RGB ↔ RGBA, as the channels of the two views say; gray = 0.299 R + 0.587 G + 0.114 B.
FCVStatus fcv_convert_color(FCVView from, FCVView to, FCVError *error);

// MARK: Drawing, on 8-bit images

typedef struct FCVPoint { int32_t x, y; } FCVPoint;

FCVStatus fcv_draw_line(FCVView image, FCVPoint from, FCVPoint to, const uint8_t *color, int32_t thickness,
                        FCVError *error);
// Corners inclusive; a thickness below 0 fills.
FCVStatus fcv_draw_rectangle(FCVView image, FCVPoint corner, FCVPoint opposite, const uint8_t *color,
                             int32_t thickness, FCVError *error);
// `origin` is the left end of the baseline. `scale` 1 gives capitals about 21 pixels tall. ASCII only.
FCVStatus fcv_draw_text(FCVView image, const char *text, FCVPoint origin, double scale, const uint8_t *color,
                        int32_t thickness, FCVError *error);
FCVStatus fcv_text_size(const char *text, double scale, int32_t thickness, int32_t *width, int32_t *ascent,
                        int32_t *descent, FCVError *error);

// Writes 256 RGB triples. Known names: viridis, magma, inferno, plasma, cividis, twilight, turbo, gray.
FCVStatus fcv_color_map(const char *name, uint8_t *table, FCVError *error);

#ifdef __cplusplus
}
#endif

#endif
