/// Bytes that are no HDF5 file of the sort that Keras writes, or do not hold what is asked for; who reads adds the file's name.
struct HDF5Error: Error, Equatable {
  /// What is read: `object header at byte 96`, `dataset 'conv/kernel:0'`.
  let what: String
  let problem: String
  /// Whether it may be a good file, of which this reader does not read all.
  var isUnsupported = false

  init(_ what: String, _ problem: String) { (self.what, self.problem) = (what, problem) }

  static func unsupported(_ what: String, _ problem: String) -> HDF5Error {
    var error = HDF5Error(what, problem)
    error.isUnsupported = true
    return error
  }
}
