// C ABI over oneDNN.
