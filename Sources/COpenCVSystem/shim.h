// OpenCV is C++; Swift sees it only through COpenCV. This module carries its include path and libraries.
