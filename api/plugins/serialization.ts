import {
  type SerializerCompiler,
  type SerializerFactory,
  SerializerSelector,
} from '@fastify/fast-json-stringify-compiler';

/**
 * Fastify's own compiler, but each schema is compiled once for the whole application: every route refuses by the same
 * `Problem`, and these were most of what a start had to compile. All schemas with an `$id` are added before the routes.
 */
export function serializersOnce(): SerializerFactory {
  const factory = SerializerSelector();
  const compiled = new WeakMap<object, ReturnType<SerializerCompiler>>();
  return (externalSchemas, options) => {
    const compile = factory(externalSchemas, options);
    return (route) => {
      const schema = route.schema as object;
      const serializer = compiled.get(schema) ?? compile(route);
      compiled.set(schema, serializer);
      return serializer;
    };
  };
}
