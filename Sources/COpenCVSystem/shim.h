// OpenCV is C++; Swift sees it only through COpenCV. `headers` holds links to the places where distributions put it;
// this module is for FOVEA_OPENCV=pkg-config, and carries pkg-config's flags (see Package.swift).
