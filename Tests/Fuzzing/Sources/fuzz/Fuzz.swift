import Fovea
import Glibc

/// The driver of libFuzzer, which is linked by `-sanitize=fuzzer`.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The target of this process; the driver takes no context.
nonisolated(unsafe) private var chosen: Target = allTargets[0]

/// By the name that libFuzzer's library looks for, too.
@_cdecl("LLVMFuzzerTestOneInput") func readOne(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  chosen.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}

/// `fuzz list`, `fuzz seeds TARGET FOLDER`, or `fuzz TARGET` with the driver's own arguments.
@main struct Fuzz {
  static func main() throws {
    let arguments = CommandLine.arguments
    if arguments.count == 2, arguments[1] == "list" {
      for target in allTargets { print(target.name) }
      return
    }
    let isSeeds = arguments.count == 4 && arguments[1] == "seeds"
    let name = isSeeds ? arguments[2] : arguments.dropFirst().first ?? ""
    guard let target = allTargets.first(where: { $0.name == name }) else {
      print("fuzz: there is no target '\(name)'; 'fuzz list' names them")
      exit(64)
    }
    if isSeeds {
      for (number, seed) in try target.seeds().enumerated() {
        let file = try AtomicFile("\(arguments[3])/seed-\(number)")
        try file.write(seed)
        try file.commit()
      }
      return
    }
    chosen = target
    var own = [strdup(arguments[0])] + arguments.dropFirst(2).map { strdup($0) }
    var count = CInt(own.count)
    own.append(nil)
    exit(
      own.withUnsafeMutableBufferPointer { buffer in
        var start = buffer.baseAddress!
        return runDriver(&count, &start, readOne)
      })
  }
}
