// C ABI over OpenCV.
