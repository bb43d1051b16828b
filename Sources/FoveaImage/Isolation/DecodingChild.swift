import Foundation
import FoveaCore
import Glibc

/// Decodes pictures for another process, which need not fear for itself.
package enum DecodingChild {
  /// Answers orders until the other end is closed.
  ///
  /// Where a picture takes longer than its order allows, the process ends by SIGALRM.
  package static func serve(_ descriptor: Int32) {
    signal(SIGALRM, SIG_DFL)
    let connection = ChildConnection(descriptor: descriptor)
    do throws(ChildConnection.Failure) {
      var decoder = ImageDecoder()
      var source = ""
      var bytes: [UInt8] = []
      while true {
        let (order, count) = try connection.receive(ChildOrder.self)
        var reply = ChildReply()
        var pixels: [UInt8] = []
        if order.inspects {
          bytes = []
          let file = try connection.payload(count)
          setTimer(order.seconds)
          decoder = ImageDecoder(
            colorModel: order.colorModel,
            sufficientSize: order.sufficient.map { ImageSize(width: $0[0], height: $0[1]) })
          (decoder.maximumPixels, decoder.maximumSide) = (order.maximumPixels, order.maximumSide)
          source = order.source
          do throws(ImageError) {
            guard let file else { throw .outOfMemory(source: source, needed: "the file") }
            bytes = file
            (reply.width, reply.height, reply.neededBytes) = try decoder.inspect(bytes, source)
          } catch { reply.failure = failure(error) }
        } else {
          setTimer(order.seconds)
          do throws(ImageError) {
            let picture = try decoder.read(bytes, source: source)
            (reply.width, reply.height) = (picture.image.width, picture.image.height)
            reply.warnings = picture.warnings
            let geometry = picture.geometry
            reply.original = [geometry.original.width, geometry.original.height]
            let map = try geometry.toInput
            reply.transform = [map.a, map.b, map.c, map.d, map.tx, map.ty]
            if case .bytes(let values) = picture.image.pixels { pixels = values }
          } catch { reply.failure = failure(error) }
        }
        setTimer(nil)
        try connection.send(reply, pixels)
      }
    } catch {
      return
    }
  }

  private static func failure(_ error: ImageError) -> ChildReply.Failure {
    switch error {
    case .undecodable(_, let reason, let word), .unreadable(_, let reason, let word): .init(reason: reason, word: word)
    case .tooLarge(_, let width, let height, let limit): .init(reason: "\(width)×\(height)", limit: limit)
    case .outOfMemory(_, let needed): .init(reason: nil, needed: needed)
    default: .init(reason: error.description, word: error.reason)
    }
  }

  private static func setTimer(_ seconds: Double?) {
    let seconds = seconds ?? 0
    var timer = itimerval()
    timer.it_value.tv_sec = Int(seconds)
    timer.it_value.tv_usec = Int((seconds - seconds.rounded(.down)) * 1e6)
    setitimer(Int32(ITIMER_REAL.rawValue), &timer, nil)
  }
}
