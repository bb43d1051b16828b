import Glibc

/// For tests in processes of their own.
enum MemoryLimit {
  struct Unexpected: Error { let what: String }

  /// Leaves this process so many bytes besides what it has.
  static func leave(_ bytes: Int) throws {
    // Pages of address space come first.
    guard let file = fopen("/proc/self/statm", "r") else { throw Unexpected(what: "no /proc") }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 256)
    guard fgets(&text, Int32(text.count), file) != nil else { throw Unexpected(what: "an empty statm") }
    let size = strtol(text, nil, 10) * sysconf(Int32(_SC_PAGESIZE))
    var limit = rlimit(rlim_cur: rlim_t(size + bytes), rlim_max: rlim_t(size + bytes))
    guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { throw Unexpected(what: "no limit") }
  }
}
