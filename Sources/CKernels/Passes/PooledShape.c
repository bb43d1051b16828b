#include "PooledShape.h"

static int roundedUp(int value, int to) { return (value + to - 1) / to * to; }

fovea_pooled_shape fovea_pooled_shape_of(const fovea_pooled_convolution *s) {
  fovea_pooled_shape p;
  p.convolvedWidth = s->outputWidth * s->windowWidth;
  p.rows = (s->outputHeight * s->windowHeight - 1) * s->strideHeight + s->kernelHeight;
  p.pitch = ((long)(p.convolvedWidth - 1) * s->strideWidth + s->kernelWidth) * s->channels;
  p.example = (p.rows * p.pitch + WIDE - 1) / WIDE * WIDE;
  p.windows = s->outputHeight * s->outputWidth;
  p.elements = s->windowHeight * s->windowWidth;
  p.run = s->kernelWidth * s->channels;
  p.paddedRun = roundedUp(p.run, NARROW);
  p.paddedFilters = roundedUp(s->filters, NARROW);
  return p;
}

fovea_pooled_convolution_memory fovea_pooled_convolution_sizes(const fovea_pooled_convolution *s) {
  const fovea_pooled_shape p = fovea_pooled_shape_of(s);
  fovea_pooled_convolution_memory memory;
  memory.source = fovea_parts(s->threads, s->batch) * p.example + WIDE;
  memory.sources = s->batch * p.example + WIDE;
  memory.winners = ((size_t)s->batch * p.windows * s->filters + 3) / 4;
  memory.forward = fovea_forward_scratch(s, &p);
  memory.weights = fovea_weights_scratch(s, &p);
  memory.data = fovea_data_scratch(s, &p);
  memory.interleaved = fovea_interleaved_scratch(s);
  return memory;
}
