# The two commands of README.md: docker build --tag nonconvex . && docker run nonconvex
FROM node:24.18.0-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d
RUN mkdir /nonconvex && chown node:node /nonconvex
USER node
WORKDIR /nonconvex
COPY --chown=node:node . .
RUN npm ci
CMD ["npm", "run", "reproduce"]
