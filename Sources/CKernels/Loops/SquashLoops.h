// The hyperbolic tangent of many numbers; PlaneLoops.h includes it, and says what a vector is.

// tanh by the coefficients of S. L. Moshier's Cephes library (tanhf, expf), for a whole vector: a polynomial near zero,
// 1 − 2/(exp(2z) + 1) elsewhere. What is not a number stays so.
INLINE void hyperbolicTangent(vector *value) {
  const vector z = *value;
  const vector square = z * z;
  const vector near =
      z + z * square * ((((-5.70498872745e-3f * square + 2.06390887954e-2f) * square - 5.37397155531e-2f) * square +
                         1.33314422036e-1f) * square - 3.33332819422e-1f);
  const whole sign = (whole)z & SPLAT(whole, INT32_MIN);
  const vector size = (vector)((whole)z & SPLAT(whole, INT32_MAX));
  const vector exponent = 2.0f * SELECT(size > SPLAT(vector, 10.0f), SPLAT(vector, 10.0f), size);
  // The nearest multiple of log 2, by adding a number whose last digit is worth 1.
  const vector shifted = exponent * 1.44269504088896341f + 12582912.0f;
  const vector multiple = shifted - 12582912.0f;
  const vector r = exponent - multiple * 0.693359375f + multiple * 2.12194440e-4f;
  vector power = 1.9875691500e-4f * r + 1.3981999507e-3f;
  power = power * r + 8.3334519073e-3f;
  power = power * r + 4.1665795894e-2f;
  power = power * r + 1.6666665459e-1f;
  power = power * r + 5.0000001201e-1f;
  power = power * r * r + r + 1.0f;
  const whole scale = ((whole)shifted - 0x4B400000 + 127) << 23;
  const vector far = 1.0f - 2.0f / (power * (vector)scale + 1.0f);
  const vector signedFar = (vector)((whole)far | sign);
  *value = SELECT(size < SPLAT(vector, 0.625f), near, signedFar);
}

// y and x may be the same.
TARGET static void squash(long count, float amplitude, float slope, const float *x, float *y) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    vector value = slope * *(const loose *)(x + i);
    hyperbolicTangent(&value);
    *(loose *)(y + i) = amplitude * value;
  }
  if (i == count) return;
  // What is left is computed as a whole vector, so that an element's arithmetic is the same wherever it lies.
  const size_t left = (size_t)(count - i) * sizeof(float);
  loose rest = SPLAT(vector, 0.0f);
  memcpy(&rest, x + i, left);
  vector value = slope * rest;
  hyperbolicTangent(&value);
  value *= amplitude;
  memcpy(y + i, &value, left);
}

// tanh′ = 1 − tanh², so that y′ = amplitude·slope − slope/amplitude·y².
TARGET static void squashGradient(long count, float amplitude, float slope, const float *y,
                                        const float *yGradient, float *xGradient) {
  const float constant = amplitude * slope, factor = slope / amplitude;
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    const vector value = *(const loose *)(y + i);
    *(loose *)(xGradient + i) = *(const loose *)(yGradient + i) * (constant - factor * value * value);
  }
  for (; i < count; i++) xGradient[i] = yGradient[i] * (constant - factor * y[i] * y[i]);
}
