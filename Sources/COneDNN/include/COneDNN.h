#ifndef FOVEA_CONEDNN_H
#define FOVEA_CONEDNN_H

/// A C interface to the operations of oneDNN that Fovea uses, the same over oneDNN 2.6 and 3.x.
///
/// Rules that hold for everything here:
/// - All numbers are 32-bit floats (a pooling workspace and a scratchpad are bytes that only oneDNN reads).
/// - Shapes are written [batch, channels, height, width]; how the numbers lie in memory is said by a *layout*.
/// - A function that can fail returns a status (or NULL for a layout), and leaves a message that
///   `fovea_dnn_last_error` returns, on the same thread, until that thread's next failure. No C++ exception gets out.
/// - Every function may be called from any thread at any time.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __clang__
#define FOVEA_NULLABLE _Nullable
#define FOVEA_NONNULL _Nonnull
#pragma clang assume_nonnull begin
#else
#define FOVEA_NULLABLE
#define FOVEA_NONNULL
#endif

#ifdef __cplusplus
extern "C" {
#endif

// MARK: - Status

typedef enum {
  FOVEA_DNN_OK = 0,
  /// The description makes no sense: a zero stride, a kernel larger than the padded image, layouts that do not fit.
  FOVEA_DNN_INVALID = 1,
  /// The description makes sense, but the oneDNN at hand has no implementation of it.
  FOVEA_DNN_UNSUPPORTED = 2,
  FOVEA_DNN_OUT_OF_MEMORY = 3,
  /// oneDNN failed for a reason of its own.
  FOVEA_DNN_FAILURE = 4,
} fovea_dnn_status;

/// What went wrong in this thread's last failed call, in words; valid until this thread's next failure.
const char *fovea_dnn_last_error(void);

/// The version of oneDNN that is loaded, for instance "2.6.3".
const char *fovea_dnn_version(void);

// MARK: - Threads

/// Sets how many threads the primitives that the *calling thread* creates from now on shall use. A primitive is cut
/// into threads when it is created, and runs so wherever it is executed: create one per thread count.
/// Returns false for a number below 1, and where the loaded oneDNN does not run on OpenMP: then its primitives use what
/// threads they like, but `fovea_dnn_threads` remembers the number, for kernels that are not its own.
bool fovea_dnn_set_threads(int32_t count);

/// How many threads a primitive created now, on this thread, would use, or what was asked for where that is not known; at
/// first as many as there are processors.
int32_t fovea_dnn_threads(void);

/// Tells that the calling thread, which has run primitives with the help of so many others, is done with them for now.
/// OpenMP keeps these for it, for each thread its own; where more than `most` wait so in all, the calling thread's end. They are
/// started again when they are needed.
void fovea_dnn_rest(int32_t helpers, int32_t most);

/// What is remembered of a thread while it lasts.
typedef struct {
  /// Counted from 0 in the order in which threads were first asked for it.
  int32_t number;
  /// Whether it computes on cores that it has been given, or that another thread has been given for it.
  bool has_cores;
} fovea_dnn_thread;

/// The calling thread's.
fovea_dnn_thread *fovea_dnn_this_thread(void);

// MARK: - Precision

typedef enum {
  FOVEA_DNN_FLOAT32 = 0,
  /// Of an operation: the factors of its products, which is what goes in but the bias, are bfloat16. What comes out is
  /// float32, and so are the sums.
  FOVEA_DNN_BFLOAT16 = 1,
} fovea_dnn_precision;

/// Whether this processor, and what ONEDNN_MAX_CPU_ISA leaves of it, multiplies bfloat16 numbers in its vectors (AVX-512
/// BF16). Without that oneDNN refuses such operations, or emulates them, several times slower than float32.
bool fovea_dnn_has_bfloat16(void);

// MARK: - Layout

/// How the numbers of an array lie in memory: dimensions, strides and blocks, and whether they are float32 or bfloat16. Layouts that
/// differ only in the stride of a dimension of size 1 are one, and two that are held are equal exactly when their pointers are.
/// Who makes one holds it until `fovea_dnn_layout_release`; a primitive holds those of its arguments.
typedef const struct fovea_dnn_layout_object *fovea_dnn_layout;

/// What layouts of other dimensions have in common: the order of axes and blocks, and the numbers' type. Interned and immortal,
/// since there are few: two orders are equal exactly when their pointers are. Layouts of the same dimensions are equal exactly
/// when their orders are.
typedef const struct fovea_dnn_order_object *fovea_dnn_order;

/// The most dimensions that a layout may have.
#define FOVEA_DNN_MAX_RANK 12

/// Row-major, without gaps. `rank` is 1 … 12 and every dimension at least 1. NULL on failure.
fovea_dnn_layout FOVEA_NULLABLE fovea_dnn_layout_plain(int32_t rank, const int64_t *dimensions);

/// The same order for bfloat16 numbers. `fovea_dnn_layout_is_plain` is false for it, as for all that is not float32.
fovea_dnn_layout FOVEA_NULLABLE fovea_dnn_layout_plain_bfloat16(int32_t rank, const int64_t *dimensions);

/// Channels (dimension 1) innermost: [batch, height, width, channels] in memory, still addressed as
/// [batch, channels, height, width]. Needs a rank of at least 3. NULL on failure.
fovea_dnn_layout FOVEA_NULLABLE fovea_dnn_layout_channels_last(int32_t rank, const int64_t *dimensions);

/// A layout of other dimensions, over the same bytes. Only a plain layout can be reshaped. NULL on failure.
fovea_dnn_layout FOVEA_NULLABLE fovea_dnn_layout_reshape(fovea_dnn_layout layout, int32_t rank,
                                                         const int64_t *dimensions);

/// Another who holds the layout lets it go; NULL is allowed.
void fovea_dnn_layout_release(fovea_dnn_layout FOVEA_NULLABLE layout);

/// The layout's order; NULL for a plain one of float32 numbers, which needs none.
fovea_dnn_order FOVEA_NULLABLE fovea_dnn_layout_order(fovea_dnn_layout layout);

/// The layout of arrays of these dimensions that lie in that order. NULL on failure.
fovea_dnn_layout FOVEA_NULLABLE fovea_dnn_order_layout(fovea_dnn_order order, int32_t rank, const int64_t *dimensions);

/// The bytes that such an array takes; 0 on failure.
size_t fovea_dnn_order_byte_count(fovea_dnn_order order, int32_t rank, const int64_t *dimensions);

/// Whether the numbers are float32.
bool fovea_dnn_order_is_float32(fovea_dnn_order order);

/// How many channels of [batch, channels, height, width] lie side by side, in the last of the axes
/// [batch][blocks][height][width][lanes]: 8 or 16 for blocks of so many, the last of them filled up with zeros; INT32_MAX, for
/// all, where channels are last; 0 for any other order, and where numbers are no float32.
int32_t fovea_dnn_order_lanes(fovea_dnn_order order);

/// How many layouts are held, and how many orders there are.
size_t fovea_dnn_layout_count(void);
size_t fovea_dnn_order_count(void);

/// The bytes that an array of this layout takes, padding of blocks included.
size_t fovea_dnn_layout_byte_count(fovea_dnn_layout layout);

bool fovea_dnn_layout_is_plain(fovea_dnn_layout layout);

int32_t fovea_dnn_layout_rank(fovea_dnn_layout layout);

/// As many as the rank; they live as long as the layout.
const int64_t *fovea_dnn_layout_dimensions(fovea_dnn_layout layout);

/// The layout's name for messages, for instance "6×1×5×5 plain" or "128×6×24×24 blocked". Lives as long as the layout.
const char *fovea_dnn_layout_description(fovea_dnn_layout layout);

// MARK: - Primitive

/// An operation for one set of shapes and layouts, ready to run. Creating one is slow (thousands of times a small
/// operation's run), so keep it. It may be executed by several threads at once.
typedef struct fovea_dnn_primitive_object *fovea_dnn_primitive;

/// The arguments of a primitive. Each function that creates a primitive says which ones it takes.
typedef enum {
  FOVEA_DNN_SRC = 1,
  FOVEA_DNN_SRC_1 = 2,
  FOVEA_DNN_DST = 17,
  FOVEA_DNN_WEIGHTS = 33,
  FOVEA_DNN_BIAS = 41,
  /// What max pooling and local response normalization remember for their backward pass: bytes, no layout.
  FOVEA_DNN_WORKSPACE = 64,
  FOVEA_DNN_DIFF_SRC = 129,
  FOVEA_DNN_DIFF_DST = 145,
  FOVEA_DNN_DIFF_WEIGHTS = 161,
  FOVEA_DNN_DIFF_BIAS = 169,
  /// The first of many sources (sum, concatenation): source i is FOVEA_DNN_SRC_MANY + i.
  FOVEA_DNN_SRC_MANY = 1024,
} fovea_dnn_argument;

typedef enum {
  /// Forward, remembering nothing.
  FOVEA_DNN_INFERENCE = 0,
  /// Forward, before a backward pass.
  FOVEA_DNN_TRAINING = 1,
  /// The gradient of the input.
  FOVEA_DNN_BACKWARD_DATA = 2,
  /// The gradients of weights and bias; they are overwritten, not added to.
  FOVEA_DNN_BACKWARD_WEIGHTS = 3,
} fovea_dnn_pass;

/// Frees a primitive that no thread is executing. NULL is allowed.
void fovea_dnn_primitive_destroy(fovea_dnn_primitive FOVEA_NULLABLE primitive);

/// The layout that an argument must have, which the primitive holds; NULL when it takes no such argument, or that is the workspace.
fovea_dnn_layout FOVEA_NULLABLE fovea_dnn_primitive_layout(fovea_dnn_primitive primitive, int32_t argument);

/// Bytes of scratchpad that every execution needs; 0 when none.
size_t fovea_dnn_primitive_scratchpad_byte_count(fovea_dnn_primitive primitive);

/// Bytes that the argument FOVEA_DNN_WORKSPACE takes; 0 when there is none.
size_t fovea_dnn_primitive_workspace_byte_count(fovea_dnn_primitive primitive);

/// oneDNN's own name of the implementation it took, for instance "jit:avx512_core". Lives as long as the primitive.
const char *fovea_dnn_primitive_implementation(fovea_dnn_primitive primitive);

/// How fast the implementation is likely to be, from its name: a higher number is better. Two of the same layer may be compared.
int32_t fovea_dnn_primitive_rank(fovea_dnn_primitive primitive);

/// Runs a primitive and returns when it is done. `pointers[i]` holds the argument `arguments[i]`, in the layout that
/// the primitive asks for; memory aligned to 64 bytes is fastest. `scratchpad` belongs to this execution alone while it
/// runs; it may be NULL when no bytes are asked for. Activation (both passes), softmax, normalization, and the first
/// source of sum and binary may run in place: give the same pointer twice, where the layouts are the same.
fovea_dnn_status fovea_dnn_primitive_execute(fovea_dnn_primitive primitive, const int32_t *arguments,
                                             void *FOVEA_NULLABLE const *FOVEA_NULLABLE pointers, int32_t count,
                                             void *FOVEA_NULLABLE scratchpad);

// MARK: - Activation

typedef enum {
  FOVEA_DNN_IDENTITY = 0,
  /// max(x, 0)
  FOVEA_DNN_RELU = 1,
  /// x when x > 0, else alpha·x
  FOVEA_DNN_LEAKY_RELU = 2,
  /// alpha·tanh(beta·x). As a primitive of its own with alpha or beta ≠ 1 it is three passes over the numbers.
  FOVEA_DNN_TANH = 3,
  /// 1 / (1 + exp(−x))
  FOVEA_DNN_LOGISTIC = 4,
  /// alpha·x + beta
  FOVEA_DNN_LINEAR = 5,
  /// min(max(x, alpha), beta)
  FOVEA_DNN_CLIP = 6,
  /// x when x > 0, else alpha·(exp(x) − 1)
  FOVEA_DNN_ELU = 7,
  /// x / (1 + exp(−alpha·x))
  FOVEA_DNN_SWISH = 8,
  /// x·min(max(x + 3, 0), 6) / 6
  FOVEA_DNN_HARD_SWISH = 9,
  /// x·(1 + erf(x/√2)) / 2
  FOVEA_DNN_GELU = 10,
  /// x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2
  FOVEA_DNN_GELU_TANH = 11,
} fovea_dnn_activation_kind;

typedef struct {
  fovea_dnn_activation_kind kind;
  float alpha;
  float beta;
} fovea_dnn_activation;

/// An activation over an array of any layout.
/// INFERENCE, TRAINING: SRC → DST, all of `layout`.
/// BACKWARD_DATA: DST (the *output* of forward, so that forward may run in place), DIFF_DST → DIFF_SRC. Functions that fall
/// somewhere (SWISH, HARD_SWISH, GELU, GELU_TANH) take SRC instead, since an output does not tell what its input was.
/// A leaky ReLU and an ELU need alpha ≥ 0 for their backward pass, since the output's sign must tell the input's.
fovea_dnn_status fovea_dnn_activation_create(const fovea_dnn_activation *activation, fovea_dnn_pass pass,
                                             fovea_dnn_layout layout,
                                             fovea_dnn_primitive FOVEA_NULLABLE *FOVEA_NONNULL result);

// MARK: - Convolution

/// A two-dimensional convolution (in the field's sense: a correlation), by the direct algorithm, or by Winograd's where that is
/// much faster.
/// output = (input + padding before + padding after − (dilation·(kernel − 1) + 1)) / stride + 1, rounded down.
typedef struct {
  int64_t batch;
  int64_t input_channels;
  int64_t output_channels;
  int64_t input_height, input_width;
  int64_t kernel_height, kernel_width;
  /// At least 1.
  int64_t stride_height, stride_width;
  /// The distance between two taps of the kernel: 1 is an ordinary, dense kernel.
  int64_t dilation_height, dilation_width;
  int64_t pad_top, pad_left, pad_bottom, pad_right;
  /// Divides both channel counts; 1 is an ordinary convolution.
  int64_t groups;
  bool has_bias;
  /// Whether the forward passes add to what DST holds, before the activation. Backward passes ignore it.
  bool accumulates;
  /// Applied to the output of the forward passes, in the same kernel. Backward passes ignore it: run the activation's
  /// own backward pass on DIFF_DST first.
  fovea_dnn_activation activation;
  /// Of the factors: SRC and WEIGHTS, DIFF_DST and WEIGHTS, or SRC and DIFF_DST.
  fovea_dnn_precision precision;
} fovea_dnn_convolution;

/// INFERENCE, TRAINING: SRC, WEIGHTS, (BIAS) → DST. BACKWARD_DATA: DIFF_DST, WEIGHTS → DIFF_SRC.
/// BACKWARD_WEIGHTS: SRC, DIFF_DST → DIFF_WEIGHTS, (DIFF_BIAS).
/// `source`, `weights` and `destination` fix the layout of SRC/DIFF_SRC, WEIGHTS/DIFF_WEIGHTS and DST/DIFF_DST;
/// NULL leaves the choice open, and so it should be: the fastest layouts are taken, a reorder costs a twentieth of a
/// convolution, and a forced layout may leave nothing but a reference loop, a thousand times slower. So create with
/// NULL, ask `fovea_dnn_primitive_layout`, and reorder what differs; the passes may ask for different layouts.
/// Weights are [output, input, height, width], or, when
/// groups > 1, [groups, output/groups, input/groups, height, width]; plain, both are the same bytes.
fovea_dnn_status fovea_dnn_convolution_create(const fovea_dnn_convolution *convolution, fovea_dnn_pass pass,
                                              fovea_dnn_layout FOVEA_NULLABLE source,
                                              fovea_dnn_layout FOVEA_NULLABLE weights,
                                              fovea_dnn_layout FOVEA_NULLABLE destination,
                                              fovea_dnn_primitive FOVEA_NULLABLE *FOVEA_NONNULL result);

// MARK: - Inner product

/// output[n, o] = Σ weights[o, k]·input[n, k] + bias[o]
typedef struct {
  int64_t batch;
  int64_t inputs;
  int64_t outputs;
  bool has_bias;
  /// As in a convolution.
  fovea_dnn_activation activation;
  /// As in a convolution.
  fovea_dnn_precision precision;
} fovea_dnn_inner_product;

/// Passes and arguments as in a convolution. SRC is [batch, inputs], WEIGHTS [outputs, inputs], DST [batch, outputs].
/// Give plain layouts for all three when training: nothing is reordered then, which is fastest in sum. For inference
/// give NULL for the weights, and reorder them once: up to a third faster.
fovea_dnn_status fovea_dnn_inner_product_create(const fovea_dnn_inner_product *inner_product, fovea_dnn_pass pass,
                                                fovea_dnn_layout FOVEA_NULLABLE source,
                                                fovea_dnn_layout FOVEA_NULLABLE weights,
                                                fovea_dnn_layout FOVEA_NULLABLE destination,
                                                fovea_dnn_primitive FOVEA_NULLABLE *FOVEA_NONNULL result);

// MARK: - Pooling

typedef enum {
  /// Padding never wins.
  FOVEA_DNN_POOL_MAX = 0,
  /// Padding never wins. Forward takes one pass more than max, to negate the input into the scratchpad.
  FOVEA_DNN_POOL_MIN = 1,
  /// Divides by the size of the window, padding included.
  FOVEA_DNN_POOL_AVERAGE = 2,
  /// Divides by the number of window elements that lie in the image.
  FOVEA_DNN_POOL_AVERAGE_WITHIN = 3,
} fovea_dnn_pooling_kind;

typedef struct {
  fovea_dnn_pooling_kind kind;
  int64_t batch;
  int64_t channels;
  int64_t input_height, input_width;
  int64_t kernel_height, kernel_width;
  int64_t stride_height, stride_width;
  int64_t dilation_height, dilation_width;
  int64_t pad_top, pad_left, pad_bottom, pad_right;
} fovea_dnn_pooling;

/// INFERENCE: SRC → DST. TRAINING: SRC → DST, and WORKSPACE for max and min.
/// BACKWARD_DATA: DIFF_DST, (WORKSPACE) → DIFF_SRC.
/// `source` is the layout of SRC/DIFF_SRC; DST/DIFF_DST get the matching one. The backward pass must be made with the
/// same `source` as the forward pass, or the workspace would be read wrongly.
fovea_dnn_status fovea_dnn_pooling_create(const fovea_dnn_pooling *pooling, fovea_dnn_pass pass,
                                          fovea_dnn_layout source,
                                          fovea_dnn_primitive FOVEA_NULLABLE *FOVEA_NONNULL result);

// MARK: - Softmax

/// Softmax over dimension `axis`; with `logarithm`, its logarithm.
/// INFERENCE, TRAINING: SRC → DST. BACKWARD_DATA: DST, DIFF_DST → DIFF_SRC. All of `layout`.
fovea_dnn_status fovea_dnn_softmax_create(fovea_dnn_layout layout, int32_t axis, bool logarithm, fovea_dnn_pass pass,
                                          fovea_dnn_primitive FOVEA_NULLABLE *FOVEA_NONNULL result);

// MARK: - Normalization

/// Local response normalization, y = x · (k + alpha/size · Σ x²)^(−beta), the sum over `size` neighboring channels.
/// INFERENCE, TRAINING: SRC → DST, and WORKSPACE when training (it may be empty).
/// BACKWARD_DATA: SRC, DIFF_DST, (WORKSPACE) → DIFF_SRC.
fovea_dnn_status fovea_dnn_local_response_normalization_create(fovea_dnn_layout layout, int64_t size, float alpha,
                                                               float beta, float k, fovea_dnn_pass pass,
                                                               fovea_dnn_primitive FOVEA_NULLABLE *FOVEA_NONNULL result);

// MARK: - Moving and combining

/// Copies SRC, of one layout, to DST, of another one with the same dimensions, and rounds to bfloat16 where that is for
/// such numbers; with `accumulate`, adds to DST.
fovea_dnn_status fovea_dnn_reorder_create(fovea_dnn_layout from, fovea_dnn_layout to, bool accumulate,
                                          fovea_dnn_primitive FOVEA_NULLABLE *FOVEA_NONNULL result);

typedef enum {
  FOVEA_DNN_ADD = 0,
  FOVEA_DNN_SUBTRACT = 1,
  FOVEA_DNN_MULTIPLY = 2,
  FOVEA_DNN_DIVIDE = 3,
  FOVEA_DNN_MAXIMUM = 4,
  FOVEA_DNN_MINIMUM = 5,
} fovea_dnn_binary_kind;

/// SRC ∘ SRC_1 → DST, element by element; a dimension of size 1 in `second` is repeated. DST has the layout `first`.
fovea_dnn_status fovea_dnn_binary_create(fovea_dnn_binary_kind kind, fovea_dnn_layout first, fovea_dnn_layout second,
                                         fovea_dnn_primitive FOVEA_NULLABLE *FOVEA_NONNULL result);

/// DST = Σ scales[i] · SRC_MANY[i]; `destination` NULL: oneDNN chooses. All dimensions are equal. DST may be the first
/// source when the layouts are the same.
fovea_dnn_status fovea_dnn_sum_create(int32_t count, const float *scales,
                                      const fovea_dnn_layout FOVEA_NONNULL *FOVEA_NONNULL sources,
                                      fovea_dnn_layout FOVEA_NULLABLE destination,
                                      fovea_dnn_primitive FOVEA_NULLABLE *FOVEA_NONNULL result);

/// SRC_MANY[0] … SRC_MANY[count − 1], one after the other along `axis` → DST; `destination` NULL: oneDNN chooses.
fovea_dnn_status fovea_dnn_concatenation_create(int32_t count,
                                                const fovea_dnn_layout FOVEA_NONNULL *FOVEA_NONNULL sources,
                                                int32_t axis, fovea_dnn_layout FOVEA_NULLABLE destination,
                                                fovea_dnn_primitive FOVEA_NULLABLE *FOVEA_NONNULL result);

#ifdef __cplusplus
}
#endif

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
